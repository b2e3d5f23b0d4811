"""What is counted, and when there is room again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import redis
from local_stack.valkey import Valkey

from backend_server.config import Secret
from backend_server.errors import NotFound, PartUnavailable, TooManyRequests
from backend_server.limiter import Limiter
from backend_server.limits import Limit, Window

THREE_A_MINUTE = Limit("tests:three", (Window(3, 60),))
FIVE_A_MINUTE = Limit("tests:five", (Window(5, 60),))


@pytest.fixture
def limiter(valkey: redis.Redis, valkey_server: Valkey) -> Iterator[Limiter]:
    del valkey  # Emptied.
    limiter = Limiter(Secret(valkey_server.url))
    yield limiter
    limiter.close()


def test_tries_under_way_are_counted(limiter: Limiter) -> None:
    """Whether they fail is not known yet: those that do not are taken back."""
    with ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(limiter.counting(NotFound, THREE_A_MINUTE))
        with pytest.raises(TooManyRequests), limiter.counting(NotFound, THREE_A_MINUTE):
            pass
    limiter.check(THREE_A_MINUTE)


def test_only_what_ends_with_the_error_stays_counted(limiter: Limiter, valkey: redis.Redis) -> None:
    for error, counted in ((NotFound, 1), (ValueError, 1), (NotFound, 2)):
        with pytest.raises(error), limiter.counting(NotFound, THREE_A_MINUTE):
            raise error
        assert valkey.zcard("limits:tests:three") == counted


def test_when_one_limit_is_used_up_nothing_is_counted_under_the_others(
    limiter: Limiter, valkey: redis.Redis
) -> None:
    for _ in range(3):
        limiter.count(THREE_A_MINUTE, FIVE_A_MINUTE)
    with pytest.raises(TooManyRequests):
        limiter.count(FIVE_A_MINUTE, THREE_A_MINUTE)
    assert valkey.zcard("limits:tests:five") == 3


def test_what_happens_at_once_is_counted_once_each(limiter: Limiter) -> None:
    def is_let_through(_: int) -> bool:
        try:
            limiter.count(FIVE_A_MINUTE)
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(is_let_through, range(40))) == 5


def test_it_says_when_every_limit_has_room_again(limiter: Limiter, valkey: redis.Redis) -> None:
    two_windows = Limit("tests:two", (Window(1, 10), Window(2, 100)))
    limiter.count(two_windows)
    with pytest.raises(TooManyRequests) as refused:
        limiter.count(two_windows)
    assert 9 <= refused.value.retry_after <= 10
    [(first, moment)] = valkey.zrange("limits:tests:two", 0, -1, withscores=True)
    valkey.zadd("limits:tests:two", {first: moment - 11})
    limiter.count(two_windows)
    with pytest.raises(TooManyRequests) as refused:
        limiter.count(two_windows)
    assert 88 <= refused.value.retry_after <= 89
    assert 0 < valkey.ttl("limits:tests:two") <= 100


def test_without_redis_nothing_is_let_through() -> None:
    nowhere = Limiter(Secret("redis://127.0.0.1:1/0"))
    with pytest.raises(PartUnavailable):
        nowhere.count(THREE_A_MINUTE)
    with pytest.raises(PartUnavailable):
        nowhere.check(THREE_A_MINUTE)
