"""Spares callers the wait for a service that does not answer, and the service their calls.

After some failures in a row no call is made for a moment; then a single one tries whether the
service is back (Nygard, Release It!, 2nd edition, "Circuit Breaker" and "Bulkheads"). Each
operation of each process has its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

import structlog

from backend_server import metrics
from backend_server.grpc_errors import PostponedCallError, TemporaryCallError

log: Final = structlog.get_logger(__name__)

FAILURES_TO_OPEN: Final = 5
# From opening, or from a try that failed, until the next try.
OPEN_SECONDS: Final = 1.0
# Of one operation in one process: a service that hangs takes no more threads than these, under way
# and waiting for their turn.
MOST_CALLS_AT_ONCE: Final = 8
MOST_WAITING_CALLS: Final = 8
# A pause of a tenth of a second piles up more calls than may be under way, and is no reason to
# refuse any.
WAITING_SHARE_OF_DEADLINE: Final = 0.2
# What a call asks for that was one too many.
BUSY_RETRY_AFTER_SECONDS: Final = 1.0


class NotTriedError(TemporaryCallError):
    """The service failed a moment ago, so it was not asked."""


class CircuitBreaker:
    def __init__(self, operation: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`operation` is for the log."""
        self._operation = operation
        self._clock = clock
        self._changed = Condition()
        self._calls = 0
        self._waiting = 0
        self._failures = 0
        # While it is open: when the next try may be made.
        self._next_try_at: float | None = None
        self._is_trying = False

    @contextmanager
    def guard(self, deadline_seconds: float) -> Iterator[float]:
        """Around one call, which is given the seconds that are left of its deadline.

        Raises `NotTriedError`, or `PostponedCallError` when there are too many and none ends in
        time. A refusal or a request for patience is an answer like any other: the service is there.
        """
        began_at = time.monotonic()
        self._admit(deadline_seconds * WAITING_SHARE_OF_DEADLINE)
        has_failed = True
        try:
            yield deadline_seconds - (time.monotonic() - began_at)
            has_failed = False
        except TemporaryCallError as error:
            has_failed = not isinstance(error, PostponedCallError)
            raise
        except Exception:
            has_failed = False
            raise
        finally:
            self._settle(has_failed)

    def _admit(self, patience_seconds: float) -> None:
        with self._changed:
            if self._next_try_at is None and self._calls >= MOST_CALLS_AT_ONCE:
                self._wait_for_turn(patience_seconds)
            if self._next_try_at is not None:
                if self._is_trying or self._clock() < self._next_try_at:
                    raise NotTriedError(f"{self._operation} failed a moment ago")
                self._is_trying = True
            self._calls += 1

    def _wait_for_turn(self, patience_seconds: float) -> None:
        """Until a call has ended, or the circuit is open."""
        is_worth_it = self._waiting < MOST_WAITING_CALLS
        self._waiting += 1
        try:
            has_turn = is_worth_it and self._changed.wait_for(
                lambda: self._calls < MOST_CALLS_AT_ONCE or self._next_try_at is not None,
                patience_seconds,
            )
        finally:
            self._waiting -= 1
        if not has_turn:
            raise PostponedCallError(
                f"{MOST_CALLS_AT_ONCE} calls of {self._operation} are under way",
                BUSY_RETRY_AFTER_SECONDS,
            )

    def _settle(self, has_failed: bool) -> None:
        with self._changed:
            self._calls -= 1
            self._changed.notify_all()
            was_open = self._next_try_at is not None
            if not has_failed:
                self._failures = 0
                self._next_try_at = None
                self._is_trying = False
            else:
                self._failures += 1
                if self._is_trying or self._failures >= FAILURES_TO_OPEN:
                    self._next_try_at = self._clock() + OPEN_SECONDS
                    self._is_trying = False
            is_open = self._next_try_at is not None
        if is_open and not was_open:
            metrics.CIRCUITS_OPENED.labels(self._operation).inc()
            log.warning("circuit_opened", operation=self._operation, failures=FAILURES_TO_OPEN)
        if was_open and not is_open:
            log.info("circuit_closed", operation=self._operation)
