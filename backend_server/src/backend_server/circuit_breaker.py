"""Spares callers the wait for a service that does not answer, and the service their calls.

After some failures in a row no call is made for a moment; then a single one tries whether the
service is back (Nygard, Release It!, 2nd edition, "Circuit Breaker" and "Bulkheads"). Each
operation of each process has its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

import structlog

from backend_server import metrics
from backend_server.grpc_errors import PostponedCallError, TemporaryCallError

log: Final = structlog.get_logger(__name__)

FAILURES_TO_OPEN: Final = 5
# From opening, or from a try that failed, until the next try.
OPEN_SECONDS: Final = 1.0
# Of one operation in one process: a service that hangs takes no more threads than these.
MOST_CALLS_AT_ONCE: Final = 8
# What a call asks for that was one too many.
BUSY_RETRY_AFTER_SECONDS: Final = 1.0


class NotTriedError(TemporaryCallError):
    """The service failed a moment ago, so it was not asked."""


class CircuitBreaker:
    def __init__(self, operation: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`operation` is for the log."""
        self._operation = operation
        self._clock = clock
        self._lock = Lock()
        self._calls = 0
        self._failures = 0
        # While it is open: when the next try may be made.
        self._next_try_at: float | None = None
        self._is_trying = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around one call. Raises `NotTriedError`, or `PostponedCallError` when there are too many.

        A refusal or a request for patience is an answer like any other: the service is there.
        """
        self._admit()
        has_failed = True
        try:
            yield
            has_failed = False
        except TemporaryCallError as error:
            has_failed = not isinstance(error, PostponedCallError)
            raise
        except Exception:
            has_failed = False
            raise
        finally:
            self._settle(has_failed)

    def _admit(self) -> None:
        with self._lock:
            if self._next_try_at is not None:
                if self._is_trying or self._clock() < self._next_try_at:
                    raise NotTriedError(f"{self._operation} failed a moment ago")
                self._is_trying = True
            elif self._calls >= MOST_CALLS_AT_ONCE:
                raise PostponedCallError(
                    f"{MOST_CALLS_AT_ONCE} calls of {self._operation} are under way",
                    BUSY_RETRY_AFTER_SECONDS,
                )
            self._calls += 1

    def _settle(self, has_failed: bool) -> None:
        with self._lock:
            self._calls -= 1
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
