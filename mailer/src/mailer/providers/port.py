"""What the mailer asks of a provider, and the one way a provider fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from mailer.events import Webhook
from mailer.mail import Mail, Outcome
from mailer.setup.findings import Finding


class Trouble(Enum):
    """Why a call to a provider failed, which tells whether to try again."""

    # These mails can never be sent.
    INVALID_MAIL = auto()
    # The provider refuses this deployment: its key, its domain, its account.
    DEPLOYMENT_REFUSED = auto()
    # Too many calls for now.
    LIMITED = auto()
    # All the mails of a day or a month are sent: an operator may want to know.
    QUOTA_USED_UP = auto()
    # No answer, or a failure on the other side; whether anything was sent is unknown.
    UNAVAILABLE = auto()


class ProviderError(Exception):
    """The provider took none of the mails, or did not say so."""

    def __init__(self, trouble: Trouble, reason: str, retry_after_seconds: float = 0) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class DnsNames:
    """Under which names a provider's mails from a domain are vouched for."""

    # Has the SPF record.
    return_path: str
    # Has the DKIM key; None when only the provider knows.
    dkim_key: str | None


class MailProvider(Protocol):
    def send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        """Sends 1 to 100 mails of one kind, one outcome for each, in order.

        Again with the same key and mails: sends nothing twice, same outcomes. Raises ProviderError.
        """

    def read_webhook(self, body: bytes, headers: Mapping[str, str], /) -> Webhook:
        """Says what a call of the webhook tells. Names of headers are in lower case.

        Raises ForgedWebhookError, UnreadableWebhookError or NoWebhookError.
        """

    def check_setup(self, sender_domains: Sequence[str], /) -> list[Finding]:
        """Looks at what sending depends on at the provider, without sending anything."""

    def dns_names(self, domain: str, /) -> DnsNames | None:
        """None when mail does not leave this machine."""

    def close(self) -> None:
        """Lets go of connections and files."""
