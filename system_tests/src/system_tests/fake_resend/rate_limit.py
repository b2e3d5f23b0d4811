"""Calls per second, counted as Resend's headers tell it: in windows of one second."""

import math
import time

WINDOW_SECONDS = 1.0


class RateLimit:
    """Not safe to share between threads: the caller holds a lock."""

    def __init__(self, calls_per_second: int) -> None:
        self._limit = calls_per_second
        self._window_ends_at = 0.0
        self._calls = 0

    def count_call(self) -> dict[str, str]:
        """The headers of the answer; `retry-after` is among them when the call was too many."""
        now = time.monotonic()
        if now >= self._window_ends_at:
            self._window_ends_at, self._calls = now + WINDOW_SECONDS, 0
        self._calls += 1
        seconds_left = str(math.ceil(self._window_ends_at - now))
        headers = {
            "ratelimit-limit": str(self._limit),
            "ratelimit-remaining": str(max(self._limit - self._calls, 0)),
            "ratelimit-reset": seconds_left,
        }
        return headers if self._calls <= self._limit else headers | {"retry-after": seconds_left}
