"""What the tests look at: which processes there are."""

import time
from collections.abc import Callable, Iterable

from local_stack.process_table import is_alive

DISAPPEARANCE_SECONDS = 10.0


def wait_until_gone(pids: Iterable[int]) -> set[int]:
    """The processes that are still there after a while."""
    remaining = set(pids)
    wait_until(lambda: not any(is_alive(pid) for pid in remaining), must=False)
    return {pid for pid in remaining if is_alive(pid)}


def wait_until(condition: Callable[[], bool], *, must: bool = True) -> None:
    deadline = time.monotonic() + DISAPPEARANCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            assert not must, "It did not happen in time."
            return
        time.sleep(0.02)
