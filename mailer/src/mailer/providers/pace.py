"""Keeps the deployment below a provider's calls per second."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mailer.providers.port import ProviderError, Trouble
from mailer.providers.turns import LONGEST_WAIT_SECONDS, Turn, Turns

# Calls may arrive closer together than they left; this keeps them out of each other's second.
SPACING = 1.03
# A turn that was waited for may come this much before the end of a hold: clocks differ a little.
TOLERANCE_SECONDS = 0.05


class Pace:
    """Lets one call after another through, urgent ones first."""

    def __init__(self, turns: Turns, calls_per_second: float) -> None:
        self.turns = turns
        self._seconds_between_calls = SPACING / calls_per_second
        # Urgent calls do not queue here: they get the next turn at once.
        self._queue = threading.Lock()

    def follow(self, calls_per_second: float) -> None:
        """From now on."""
        self._seconds_between_calls = SPACING / calls_per_second

    def wait_for_turn(self, *, urgent: bool) -> Turn:
        """Raises ProviderError, limited, when the turn is too far off."""
        if urgent:
            return self._wait(urgent=True)
        with self._place_in_queue():
            return self._wait(urgent=False)

    def _wait(self, *, urgent: bool) -> Turn:
        give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
        while True:
            turn = self.turns.take(self._seconds_between_calls, urgent=urgent)
            if turn.granted:
                return self._wait_until(turn)
            if turn.parked_because:
                raise ProviderError(Trouble.QUOTA_USED_UP, turn.parked_because, turn.seconds)
            if time.monotonic() + turn.seconds > give_up_at:
                raise _too_far_off(turn.seconds)
            time.sleep(turn.seconds)

    def _wait_until(self, turn: Turn) -> Turn:
        if turn.seconds > 0:
            time.sleep(turn.seconds)
            # The provider may have said no to somebody meanwhile.
            held = self.turns.held_seconds()
            if held > TOLERANCE_SECONDS:
                raise _too_far_off(held)
        return turn

    @contextmanager
    def _place_in_queue(self) -> Iterator[None]:
        if not self._queue.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise _too_far_off(LONGEST_WAIT_SECONDS)
        try:
            yield
        finally:
            self._queue.release()


def _too_far_off(seconds: float) -> ProviderError:
    return ProviderError(Trouble.LIMITED, "waiting for the provider's rate limit", seconds)
