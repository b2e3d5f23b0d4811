"""When the next call to a provider may go out; and a mailer that is alone, deciding it."""

import threading
import time
from dataclasses import dataclass
from typing import Protocol

# Somebody told when to come back costs less than a thread that waits.
LONGEST_WAIT_SECONDS = 5.0
# A quota is refilled once a day or month: to ask more often than this only makes noise.
PARKED_SECONDS = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Turn:
    # Without it, somebody else is first.
    granted: bool
    # Until the turn, or until it makes sense to ask again.
    seconds: float
    # Why nobody but a probe is let through; empty when that is not so. With a turn granted, this is
    # the one call that finds out whether it still holds.
    parked_because: str = ""


class Turns(Protocol):
    """Urgent calls get the next turn, however many others wait: those only get one that is free."""

    def take(self, seconds_between_calls: float, *, urgent: bool) -> Turn:
        """Grants a turn within LONGEST_WAIT_SECONDS, or says in how many seconds one is free."""

    def held_seconds(self) -> float:
        """For how long nobody is let through; 0 when there is no such order."""

    def hold(self, seconds: float) -> None:
        """Lets nobody through for that long."""

    def park(self, because: str) -> None:
        """Lets nobody through but a probe every PARKED_SECONDS, until `release`."""

    def release(self) -> None:
        """Ends what `park` began."""

    def close(self) -> None:
        """Lets go of connections."""


class OwnTurns:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._held_until = 0.0
        self._parked_because = ""

    def take(self, seconds_between_calls: float, *, urgent: bool) -> Turn:
        with self._lock:
            now = time.monotonic()
            seconds = max(self._next_at - now, self._held_until - now, 0.0)
            parked = self._parked_because
            may_wait = urgent and not parked and seconds <= LONGEST_WAIT_SECONDS
            if seconds > 0 and not may_wait:
                return Turn(granted=False, seconds=seconds, parked_because=parked)
            self._next_at = now + seconds + seconds_between_calls
            if parked:
                self._held_until = now + PARKED_SECONDS
            return Turn(granted=True, seconds=seconds, parked_because=parked)

    def held_seconds(self) -> float:
        with self._lock:
            return max(self._held_until - time.monotonic(), 0.0)

    def hold(self, seconds: float) -> None:
        with self._lock:
            self._held_until = max(self._held_until, time.monotonic() + seconds)

    def park(self, because: str) -> None:
        with self._lock:
            self._parked_because = because
            self._held_until = time.monotonic() + PARKED_SECONDS

    def release(self) -> None:
        with self._lock:
            self._parked_because = ""
            self._held_until = 0.0

    def close(self) -> None:
        """There are none."""
