import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from backend_server.shared_runs import SharedRuns

WAIT_SECONDS = 10


class Work:
    """Counts its runs; the first waits until it is let go."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun = Event()
        self.let_go = Event()

    def __call__(self) -> int:
        self.runs += 1
        run = self.runs
        self.begun.set()
        assert self.let_go.wait(WAIT_SECONDS)
        return run


def first_of_many(
    threads: ThreadPoolExecutor, runs: SharedRuns[int], work: Work
) -> tuple[Future[int], list[Future[int]]]:
    """One that began to work, and nine that asked while it did."""
    first = threads.submit(runs.run, "key", work)
    assert work.begun.wait(WAIT_SECONDS)
    asked = [Event() for _ in range(9)]

    def ask(event: Event) -> int:
        event.set()
        return runs.run("key", work)

    others = [threads.submit(ask, event) for event in asked]
    assert all(event.wait(WAIT_SECONDS) for event in asked)
    return first, others


def test_who_asks_during_a_run_gets_the_result_of_a_later_one() -> None:
    runs, work = SharedRuns[int](), Work()
    with ThreadPoolExecutor(10) as threads:
        first, others = first_of_many(threads, runs, work)
        work.let_go.set()
        assert first.result() == 1
        assert all(other.result() > 1 for other in others)


def test_many_threads_share_runs() -> None:
    runs, asks, counted = SharedRuns[None](), 200, []

    def work() -> None:
        counted.append(1)
        time.sleep(0.001)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: runs.run("key", work), range(asks)))
    assert 0 < len(counted) < asks


def test_another_key_does_not_wait() -> None:
    runs, work = SharedRuns[int](), Work()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(runs.run, "key", work)
        assert work.begun.wait(WAIT_SECONDS)
        assert runs.run("other", lambda: 7) == 7
        work.let_go.set()
        assert first.result() == 1


def test_an_error_reaches_who_shared_the_run_and_nobody_after() -> None:
    runs, work = SharedRuns[int](), Work()

    def fail() -> int:
        raise ZeroDivisionError

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(runs.run, "key", work)
        assert work.begun.wait(WAIT_SECONDS)
        failed = threads.submit(runs.run, "key", fail)
        work.let_go.set()
        assert first.result() == 1
        with pytest.raises(ZeroDivisionError):
            failed.result()
    assert runs.run("key", lambda: 8) == 8
