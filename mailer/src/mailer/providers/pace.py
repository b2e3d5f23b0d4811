"""Keeps the deployment below a provider's calls per second."""

import itertools
import threading
import time

from mailer.providers.port import ProviderError, Trouble

# A caller told when to come back costs less than a thread that waits.
LONGEST_WAIT_SECONDS = 5.0

# Calls may arrive closer together than they left; this keeps them out of each other's second.
SPACING = 1.03

# Urgent before others, then first come, first served.
Ticket = tuple[bool, int]


class Pace:
    """Lets one call after another through, urgent ones first."""

    def __init__(self, calls_per_second: float) -> None:
        self._seconds_between_calls = SPACING / calls_per_second
        self._next_turn_at = time.monotonic()
        self._changed = threading.Condition()
        self._waiting: set[Ticket] = set()
        self._numbers = itertools.count()

    def wait_for_turn(self, *, urgent: bool) -> None:
        """Raises ProviderError, limited, when the turn is too far off."""
        with self._changed:
            ticket = (not urgent, next(self._numbers))
            self._waiting.add(ticket)
            try:
                while (seconds := self._seconds_until_turn(ticket)) > 0:
                    self._changed.wait(seconds)
                self._next_turn_at = time.monotonic() + self._seconds_between_calls
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def hold(self, seconds: float) -> None:
        """Lets nobody through for that long."""
        with self._changed:
            self._next_turn_at = max(self._next_turn_at, time.monotonic() + seconds)
            self._changed.notify_all()

    def _seconds_until_turn(self, ticket: Ticket) -> float:
        ahead = sum(other < ticket for other in self._waiting)
        until_next = max(self._next_turn_at - time.monotonic(), 0)
        seconds = until_next + ahead * self._seconds_between_calls
        if seconds > LONGEST_WAIT_SECONDS:
            raise ProviderError(Trouble.LIMITED, "waiting for the provider's rate limit", seconds)
        return seconds
