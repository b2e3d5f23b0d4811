"""Sends mails in batches through Resend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from mailer.events import NoWebhookError, Webhook
from mailer.mail import Accepted, Mail, Outcome, Purpose, mail_id
from mailer.providers.pace import Pace
from mailer.providers.port import DnsNames, ProviderError, Trouble
from mailer.providers.resend.answers import AlreadyAcceptedError, outcomes
from mailer.providers.resend.api import Answer, ResendApi
from mailer.providers.resend.batch import batch_body
from mailer.providers.resend.events import events_in
from mailer.providers.resend.rate import calls_per_second
from mailer.providers.resend.setup import check_key_and_domains, check_webhook
from mailer.providers.resend.signature import signed_id
from mailer.setup.findings import Finding

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ResendWebhook:
    # Where Resend is to call.
    endpoint: str
    # None when it is not set up.
    key: bytes | None


class ResendProvider:
    """Account mail takes the same endpoint as the rest: one form of request, one of answer."""

    def __init__(
        self,
        api: ResendApi,
        pace: Pace,
        webhook: ResendWebhook,
        most_calls_per_second: float | None,
    ) -> None:
        """Follows the rate that Resend names, up to the given one."""
        self._api = api
        self._pace = pace
        self._webhook = webhook
        self._most_calls_per_second = most_calls_per_second

    def send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        # Before the turn: what takes its time after it brings calls closer together.
        body = batch_body(mails)
        turn = self._pace.wait_for_turn(urgent=mails[0].purpose is Purpose.ACCOUNT)
        answer = self._api.post_batch(idempotency_key, body)
        self._follow(answer)
        try:
            sent: list[Outcome] = outcomes(answer, len(mails))
        except AlreadyAcceptedError:
            # A mailer of another version made the first try; its ids are lost, its mails are not.
            log.warning("accepted before in other words")
            sent = [Accepted(mail_id(idempotency_key, mail.address)) for mail in mails]
        except ProviderError as error:
            self._wait_as_told(error)
            raise
        if turn.parked_because:
            self._pace.turns.release()
        return sent

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Webhook:
        if self._webhook.key is None:
            raise NoWebhookError("RESEND_WEBHOOK_SECRET is not set")
        event_id = signed_id(self._webhook.key, body, headers)
        return Webhook(event_id, events_in(body))

    def check_setup(self, sender_domains: Sequence[str]) -> list[Finding]:
        return [
            *check_key_and_domains(self._api, sender_domains),
            *check_webhook(
                self._api, self._webhook.endpoint, has_secret=self._webhook.key is not None
            ),
        ]

    def dns_names(self, domain: str) -> DnsNames | None:
        """As https://resend.com/docs/dashboard/domains/introduction has them set."""
        return DnsNames(return_path=f"send.{domain}", dkim_key=f"resend._domainkey.{domain}")

    def close(self) -> None:
        self._api.close()

    def _follow(self, answer: Answer) -> None:
        rate = calls_per_second(answer.headers, self._most_calls_per_second)
        if rate is not None:
            self._pace.follow(rate)

    def _wait_as_told(self, error: ProviderError) -> None:
        match error.trouble:
            case Trouble.QUOTA_USED_UP:
                log.error("quota used up", quota=str(error))
                self._pace.turns.park(str(error))
            case Trouble.LIMITED:
                self._pace.turns.hold(error.retry_after_seconds)
            case _:
                pass
