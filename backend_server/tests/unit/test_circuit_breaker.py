from __future__ import annotations

from contextlib import ExitStack, suppress

import pytest

from backend_server.circuit_breaker import (
    FAILURES_TO_OPEN,
    MOST_CALLS_AT_ONCE,
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


def call(breaker: CircuitBreaker, error: CallError | None = None) -> None:
    with suppress(CallError) if error else ExitStack(), breaker.guard():
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
    with breaker.guard(), pytest.raises(NotTriedError):
        call(breaker)
    with breaker.guard():
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
            under_way.enter_context(breaker.guard())
        with pytest.raises(PostponedCallError):
            call(breaker)
    call(breaker)
