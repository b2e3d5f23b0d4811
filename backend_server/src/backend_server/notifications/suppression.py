"""When an address gets no more mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

# As many full mailboxes in a row as it takes to leave an address alone, and for how long.
TEMPORARY_BOUNCES: Final = 3
PAUSE: Final = timedelta(days=30)


class AddressEvent(NamedTuple):
    kind: str
    happened_at: datetime


class Suppression(NamedTuple):
    reason: str
    # None: for good, or until its owner confirms the address anew.
    until: datetime | None


def suppression_of(events: Iterable[AddressEvent]) -> Suppression | None:
    """What all events about an address come to, in whatever order and however often they came."""
    known = sorted(set(events), key=lambda event: (event.happened_at, event.kind))
    kinds = {event.kind for event in known}
    for kind, reason in (
        ("complained", "complained"),
        ("bounced_permanently", "bounced"),
        ("suppressed", "suppressed"),
    ):
        if kind in kinds:
            return Suppression(reason, None)
    return _pause(known)


def _pause(known: list[AddressEvent]) -> Suppression | None:
    """From the last of several temporary bounces in a row on."""
    until: datetime | None = None
    in_a_row = 0
    for event in known:
        if event.kind == "delivered":
            in_a_row = 0
        elif event.kind == "bounced_temporarily":
            in_a_row += 1
            if in_a_row >= TEMPORARY_BOUNCES:
                until = event.happened_at + PAUSE
    return None if until is None or in_a_row == 0 else Suppression("bouncing", until)
