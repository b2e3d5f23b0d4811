"""What one thread works out and others wait for."""

from __future__ import annotations

from threading import Lock
from typing import Final, Generic, TypeVar, cast

Result = TypeVar("Result")


class SharedResult(Generic[Result]):
    """A `Future` for a hot path: who is woken wakes the next, not who worked all of them."""

    __slots__ = ("_error", "_pending", "_result")

    def __init__(self) -> None:
        self._result: Result | None = None
        self._error: BaseException | None = None
        self._pending: Final = Lock()
        self._pending.acquire()

    def succeed(self, result: Result) -> None:
        self._result = result
        self._pending.release()

    def fail(self, error: BaseException) -> None:
        self._error = error
        self._pending.release()

    def wait(self) -> None:
        """Until there is a result or an error."""
        with self._pending:
            pass

    def get(self) -> Result:
        """Waits; raises the error, if there is one."""
        self.wait()
        if self._error is not None:
            raise self._error
        return cast("Result", self._result)
