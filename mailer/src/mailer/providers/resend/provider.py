"""Sends mails in batches through Resend."""

from collections.abc import Sequence

import structlog

from mailer.mail import Accepted, Mail, Outcome, Purpose, mail_id
from mailer.providers.port import ProviderError
from mailer.providers.resend.answers import AlreadyAcceptedError, outcomes
from mailer.providers.resend.api import ResendApi
from mailer.providers.resend.batch import batch_body
from mailer.providers.resend.pace import Pace

log = structlog.get_logger(__name__)


class ResendProvider:
    """Account mail takes the same endpoint as the rest: one form of request, one of answer."""

    def __init__(self, api: ResendApi, pace: Pace) -> None:
        self._api = api
        self._pace = pace

    def send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        self._pace.wait_for_turn(urgent=mails[0].purpose is Purpose.ACCOUNT)
        answer = self._api.post_batch(idempotency_key, batch_body(mails))
        try:
            return outcomes(answer, len(mails))
        except AlreadyAcceptedError:
            # A mailer of another version made the first try; its ids are lost, its mails are not.
            log.warning("accepted before in other words")
            return [Accepted(mail_id(idempotency_key, mail.address)) for mail in mails]
        except ProviderError as error:
            self._pace.hold(error.retry_after_seconds)
            raise

    def close(self) -> None:
        self._api.close()
