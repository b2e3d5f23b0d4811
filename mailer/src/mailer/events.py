"""What becomes of a mail after a provider has accepted it, in words of no provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto


class EventKind(Enum):
    # The receiving server took the mail.
    DELIVERED = auto()
    # The provider goes on trying.
    DELAYED = auto()
    BOUNCED_TEMPORARILY = auto()
    # The address does not work.
    BOUNCED_PERMANENTLY = auto()
    # The recipient called it spam.
    COMPLAINED = auto()
    # The provider holds the address for unusable and did not send.
    SUPPRESSED = auto()
    # The provider could not send; the address is not to blame.
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class MailEvent:
    kind: EventKind
    # As in `Accepted`.
    accepted_id: str
    address: str
    # Unix time, in milliseconds, by the provider's clock.
    happened_at_ms: int
    # The receiving server's words; may be empty.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One genuine call of a provider's webhook."""

    # The same for each repeat.
    event_id: str
    # None, when it concerns no mail or nothing that matters.
    events: Sequence[MailEvent]


class WebhookError(Exception):
    """A call that is not to be acted upon."""


class UnreadableWebhookError(WebhookError):
    """The body is no event."""


class ForgedWebhookError(WebhookError):
    """Not signed by the provider, or too long ago: somebody may be repeating what they heard."""


class NoWebhookError(WebhookError):
    """This deployment expects no webhook: its provider has none, or its secret is not set."""
