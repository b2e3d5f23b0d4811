"""Starts the parts as soon as what they need is ready, and stops them in reverse order."""

import time
from collections.abc import Callable, Iterator

from local_stack.child_processes import ChildFailedError
from local_stack.part import Part

START_SECONDS = 90.0
POLL_SECONDS = 0.02
# All of a stop takes 5 s at most: what has not ended after the grace is killed, but each stage gets
# the least time, so that storage can close its files when another part used up the grace.
GRACE_SECONDS = 3.0
LEAST_STOP_SECONDS = 0.4


class StartInterruptedError(Exception):
    """Somebody asked us to stop before everything had started."""


class Stack:
    """Not started until `start`, which is called from the main thread: the parts end with it."""

    def __init__(self, stages: list[list[Part]]) -> None:
        self._stages = stages

    def parts(self) -> Iterator[Part]:
        for stage in self._stages:
            yield from stage

    def part(self, name: str) -> Part:
        return next(part for part in self.parts() if part.name == name)

    def start(self, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Returns when every part is ready. On an error the caller stops what has been started.

        Raises:
            ChildFailedError: a part ended, or was not ready in time.
            StartInterruptedError: `interrupted` became true.
        """
        deadline = time.monotonic() + START_SECONDS
        waiting = list(self.parts())
        while waiting:
            if interrupted():
                raise StartInterruptedError
            waiting = [part for part in waiting if not self._advance(part, waiting)]
            self.raise_for_the_dead()
            if time.monotonic() > deadline:
                names = ", ".join(part.name for part in waiting)
                raise ChildFailedError(f"Not ready after {START_SECONDS:.0f} s: {names}.")
            time.sleep(POLL_SECONDS)

    def raise_for_the_dead(self) -> None:
        """
        Raises:
            ChildFailedError: names the first part that ended on its own, and why.
        """
        for part in self.parts():
            if part.process is None or part.process.running:
                continue
            if not (part.ends and part.process.exit_code == 0):
                raise ChildFailedError(part.process.obituary())

    def stop(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        for stage in reversed(self._stages):
            started = [part.process for part in stage if part.process is not None]
            for process in started:
                process.request_stop()
            for process in started:
                process.wait_or_kill(max(LEAST_STOP_SECONDS, deadline - time.monotonic()))

    def kill(self) -> None:
        for part in self.parts():
            if part.process is not None:
                part.process.kill()

    def _advance(self, part: Part, waiting: list[Part]) -> bool:
        """Starts the part if it can start now; True once it is ready."""
        if part.process is None:
            if any(other.name in part.needs for other in waiting):
                return False
            part.process = part.launch()
        return part.is_ready(part.process)
