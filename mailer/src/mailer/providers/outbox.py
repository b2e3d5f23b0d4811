"""Keeps each mail as a file instead of sending it: what runs when there is no Resend key."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from mailer.events import NoWebhookError, Webhook
from mailer.mail import Accepted, Mail, Outcome, mail_id
from mailer.message_file import message_bytes
from mailer.outbox_folder import KIND_HEADER, OutboxFolder
from mailer.providers.port import DnsNames, ProviderError, Trouble
from mailer.setup.findings import Finding, warning


class OutboxProvider:
    """A mail's id comes from its key and address, so a repeated call finds what is there."""

    def __init__(self, folder: OutboxFolder) -> None:
        self._folder = folder

    def send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        try:
            return [self._keep(idempotency_key, mail) for mail in mails]
        except OSError as error:
            raise ProviderError(Trouble.UNAVAILABLE, "the outbox cannot be written") from error

    def read_webhook(self, _body: bytes, _headers: Mapping[str, str], /) -> Webhook:
        raise NoWebhookError("mails are kept in the outbox")

    def check_setup(self, _sender_domains: Sequence[str], /) -> list[Finding]:
        advice = "set RESEND_API_KEY (or SMTP_URL) to send them"
        return [warning("provider", "mails are kept in the outbox and not sent", advice)]

    def dns_names(self, _domain: str, /) -> DnsNames | None:
        return None

    def close(self) -> None:
        """Each file is closed as soon as it is written."""

    def _keep(self, idempotency_key: str, mail: Mail) -> Outcome:
        accepted = Accepted(mail_id(idempotency_key, mail.address))
        content = message_bytes(mail, datetime.now(UTC), {KIND_HEADER: mail.kind})
        self._folder.add(accepted.id, mail.address, content)
        return accepted
