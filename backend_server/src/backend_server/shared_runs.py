"""One run of some work for all threads that ask for it at the same time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

from backend_server.shared_result import SharedResult

Result = TypeVar("Result")


class SharedRuns(Generic[Result]):
    """Who asks while the work is under way shares the next run with all others who do.

    So a result is never older than the question; and however many threads ask, one of them works
    while the others wait.
    """

    def __init__(self) -> None:
        self._lock: Final = Lock()
        # Key → the run under way.
        self._current: Final[dict[Hashable, SharedResult[Result]]] = {}
        # Key → the run to come, which whoever made it begins when the current one has ended.
        self._next: Final[dict[Hashable, SharedResult[Result]]] = {}

    def run(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """The work's result. An error of the work is raised in every thread that shares the run."""
        with self._lock:
            joined = self._next.get(key)
            ahead = self._current.get(key)
            if joined is None:
                own: SharedResult[Result] = SharedResult()
                (self._current if ahead is None else self._next)[key] = own
        if joined is not None:
            return joined.get()
        if ahead is not None:
            # Its error, if any, is not ours.
            ahead.wait()
        self._work(key, own, work)
        return own.get()

    def _work(self, key: Hashable, own: SharedResult[Result], work: Callable[[], Result]) -> None:
        try:
            result = work()
        except BaseException as error:
            self._end(key)
            own.fail(error)
        else:
            self._end(key)
            own.succeed(result)

    def _end(self, key: Hashable) -> None:
        """The next run, whose maker waits for this one, is the current one from now on."""
        with self._lock:
            following = self._next.pop(key, None)
            if following is None:
                del self._current[key]
            else:
                self._current[key] = following
