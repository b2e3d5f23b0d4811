"""Keeps each mail as a file instead of sending it: what runs when there is no Resend key."""

from collections.abc import Sequence
from datetime import UTC, datetime

from mailer.mail import Accepted, Mail, Outcome, mail_id
from mailer.message_file import message_bytes
from mailer.outbox_folder import OutboxFolder
from mailer.providers.port import ProviderError, Trouble


class OutboxProvider:
    """A mail's id comes from its key and address, so a repeated call finds what is there."""

    def __init__(self, folder: OutboxFolder) -> None:
        self._folder = folder

    def send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        try:
            return [self._keep(idempotency_key, mail) for mail in mails]
        except OSError as error:
            raise ProviderError(Trouble.UNAVAILABLE, "the outbox cannot be written") from error

    def close(self) -> None:
        """Each file is closed as soon as it is written."""

    def _keep(self, idempotency_key: str, mail: Mail) -> Outcome:
        accepted = Accepted(mail_id(idempotency_key, mail.address))
        self._folder.add(accepted.id, mail.address, message_bytes(mail, datetime.now(UTC)))
        return accepted
