"""What Resend's events mean: https://resend.com/docs/dashboard/webhooks/event-types"""

import json
from datetime import datetime
from typing import Any

from mailer.events import EventKind, MailEvent, UnreadableWebhookError

LONGEST_REASON_CHARACTERS = 500

# Other types, some of them not yet invented, concern nothing here.
KINDS = {
    "email.delivered": EventKind.DELIVERED,
    "email.delivery_delayed": EventKind.DELAYED,
    "email.complained": EventKind.COMPLAINED,
    "email.suppressed": EventKind.SUPPRESSED,
    "email.failed": EventKind.FAILED,
}
# Type of event → where its reason stands in `data`.
REASONS = {
    "email.bounced": ("bounce", "message"),
    "email.suppressed": ("suppressed", "message"),
    "email.failed": ("failed", "reason"),
}


def events_in(body: bytes) -> list[MailEvent]:
    """One for each address that the event names. Raises UnreadableWebhookError."""
    try:
        content = json.loads(body)
        event_type = content["type"]
        if event_type not in KINDS and event_type != "email.bounced":
            return []
        return _events(content, event_type)
    except (
        AttributeError,
        KeyError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise UnreadableWebhookError("the body is no event of Resend") from error


def _events(content: dict[str, Any], event_type: str) -> list[MailEvent]:
    data = content["data"]
    happened_at = datetime.fromisoformat(content["created_at"])
    return [
        MailEvent(
            kind=KINDS.get(event_type) or _bounce(data),
            accepted_id=str(data["email_id"]),
            address=str(address),
            happened_at_ms=int(happened_at.timestamp() * 1_000),
            reason=_reason(event_type, data),
        )
        for address in data["to"]
    ]


def _bounce(data: dict[str, Any]) -> EventKind:
    """Only a bounce that says it is for good is for good."""
    if str(data["bounce"]["type"]).lower() == "permanent":
        return EventKind.BOUNCED_PERMANENTLY
    return EventKind.BOUNCED_TEMPORARILY


def _reason(event_type: str, data: dict[str, Any]) -> str:
    if event_type not in REASONS:
        return ""
    part, name = REASONS[event_type]
    return str(data.get(part, {}).get(name, ""))[:LONGEST_REASON_CHARACTERS]
