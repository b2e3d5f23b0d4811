from __future__ import annotations

from contextlib import ExitStack, suppress
from queue import SimpleQueue
from threading import Thread

import pytest

from backend_server.circuit_breaker import (
    FAILURES_TO_OPEN,
    MOST_CALLS_AT_ONCE,
    MOST_WAITING_CALLS,
    OPEN_SECONDS,
    CircuitBreaker,
    NotTriedError,
)
from backend_server.grpc_errors import (
    CallError,
    PostponedCallError,
    RefusedCallError,
    TemporaryCallError,
)

DEADLINE_SECONDS = 0.1
# Long enough for any thread of this test to have its turn.
AGES_SECONDS = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker("Search", clock)


def call(
    breaker: CircuitBreaker,
    error: CallError | None = None,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> None:
    with suppress(CallError) if error else ExitStack(), breaker.guard(deadline_seconds):
        if error:
            raise error


def fail(breaker: CircuitBreaker, times: int = FAILURES_TO_OPEN) -> None:
    for _ in range(times):
        call(breaker, TemporaryCallError("down"))


def test_calls_are_made_while_some_succeed(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        fail(breaker, FAILURES_TO_OPEN - 1)
        call(breaker)


def test_after_some_failures_in_a_row_no_call_is_made(breaker: CircuitBreaker) -> None:
    fail(breaker)
    with pytest.raises(NotTriedError):
        call(breaker)


def test_after_a_moment_one_call_tries_and_when_it_succeeds_all_may(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker)
    clock.now += OPEN_SECONDS
    with breaker.guard(DEADLINE_SECONDS), pytest.raises(NotTriedError):
        call(breaker)
    with breaker.guard(DEADLINE_SECONDS):
        call(breaker)


def test_when_the_try_fails_the_next_one_comes_a_moment_later(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker)
    clock.now += OPEN_SECONDS
    fail(breaker, 1)
    clock.now += OPEN_SECONDS / 2
    with pytest.raises(NotTriedError):
        call(breaker)
    clock.now += OPEN_SECONDS / 2
    call(breaker)


@pytest.mark.parametrize("error", [RefusedCallError("no"), PostponedCallError("later", 1)])
def test_a_service_that_refuses_is_there(breaker: CircuitBreaker, error: CallError) -> None:
    for _ in range(FAILURES_TO_OPEN):
        call(breaker, error)
    call(breaker)


def test_a_service_that_hangs_takes_no_more_than_some_threads(breaker: CircuitBreaker) -> None:
    with ExitStack() as under_way:
        for _ in range(MOST_CALLS_AT_ONCE):
            under_way.enter_context(breaker.guard(DEADLINE_SECONDS))
        with pytest.raises(PostponedCallError):
            call(breaker)
    call(breaker)


def test_a_call_waits_a_moment_for_one_of_too_many_to_end(breaker: CircuitBreaker) -> None:
    seconds_left: list[float] = []

    def wait_and_call() -> None:
        with breaker.guard(AGES_SECONDS) as left:
            seconds_left.append(left)

    with ExitStack() as under_way:
        for _ in range(MOST_CALLS_AT_ONCE):
            under_way.enter_context(breaker.guard(DEADLINE_SECONDS))
        waiting = Thread(target=wait_and_call)
        waiting.start()
        waiting.join(DEADLINE_SECONDS)
        assert waiting.is_alive()
    waiting.join(AGES_SECONDS)
    (left,) = seconds_left
    assert left <= AGES_SECONDS - DEADLINE_SECONDS


def test_some_wait_and_one_more_is_refused_at_once(breaker: CircuitBreaker) -> None:
    outcomes: SimpleQueue[str] = SimpleQueue()

    def wait_and_call() -> None:
        try:
            call(breaker, deadline_seconds=AGES_SECONDS)
            outcomes.put("made")
        except PostponedCallError:
            outcomes.put("refused")

    threads = [Thread(target=wait_and_call) for _ in range(MOST_WAITING_CALLS + 1)]
    with ExitStack() as under_way:
        for _ in range(MOST_CALLS_AT_ONCE):
            under_way.enter_context(breaker.guard(DEADLINE_SECONDS))
        for thread in threads:
            thread.start()
        assert outcomes.get(timeout=AGES_SECONDS) == "refused"
    others = {outcomes.get(timeout=AGES_SECONDS) for _ in range(MOST_WAITING_CALLS)}
    assert others == {"made"}
    for thread in threads:
        thread.join(AGES_SECONDS)
