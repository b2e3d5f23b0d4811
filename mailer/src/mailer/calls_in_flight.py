"""Counts running calls, so that a stop can wait for them and for nothing else."""

import threading
from types import TracebackType


class CallsInFlight:
    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_until_none(self, timeout_seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, timeout_seconds)
