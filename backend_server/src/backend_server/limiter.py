"""How often something may happen, counted in Redis for all processes together.

limits:{what}:{whose}   a random id for each time it happened, by Unix time (sorted set)
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from backend_server.errors import TooManyRequests
from backend_server.redis_connection import open_redis, redis_errors

if TYPE_CHECKING:
    import redis

    from backend_server.config import Secret
    from backend_server.limits import Limit

TRY_ID_BYTES: Final = 12

# Either every limit has room, and the try is noted under each; or nothing is, and it answers in how
# many seconds all of them will have room. All of it at once, so tries made together share nothing.
# KEYS: the limits. ARGV: the try's id, empty to note nothing; then for each limit how many windows,
# and these.
_TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local wait, longest, argument = 0, {}, 2
for number, key in ipairs(KEYS) do
    longest[number] = 0
    local windows = tonumber(ARGV[argument])
    for window = 1, windows do
        local most = tonumber(ARGV[argument + 1])
        local seconds = tonumber(ARGV[argument + 2])
        argument = argument + 2
        longest[number] = math.max(longest[number], seconds)
        local counted_last = redis.call('ZRANGE', key, -most, -most, 'WITHSCORES')[2]
        if counted_last then wait = math.max(wait, counted_last + seconds - now) end
    end
    argument = argument + 1
end
if wait > 0 or ARGV[1] == '' then return tostring(wait) end
for number, key in ipairs(KEYS) do
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - longest[number])
    redis.call('ZADD', key, now, ARGV[1])
    redis.call('EXPIRE', key, longest[number])
end
return '0'
"""


class Limiter:
    """Whenever Redis does not answer, raises `PartUnavailable("redis")`: nothing is unlimited."""

    def __init__(self, url: Secret) -> None:
        self._url = url

    def check(self, *limits: Limit) -> None:
        """Raises `TooManyRequests` when a limit is used up. Counts nothing."""
        self._take("", limits)

    def count(self, *limits: Limit) -> None:
        """One more; raises `TooManyRequests`, and counts nothing, when a limit is used up."""
        self._take(_new_id(), limits)

    @contextmanager
    def counting(self, failure: type[Exception], *limits: Limit) -> Iterator[None]:
        """Counts what ends with this error. Raises `TooManyRequests` before anything is done.

        A try is counted first and taken back when it does not fail: tries made at the same time
        would otherwise all begin before the first of them is counted.
        """
        try_id = _new_id()
        self._take(try_id, limits)
        try:
            yield
        except failure:
            raise
        except BaseException:
            self._give_back(try_id, limits)
            raise
        else:
            self._give_back(try_id, limits)

    def forget(self, *limits: Limit) -> None:
        """As if nothing had been counted."""
        with redis_errors():
            self.redis.delete(*map(_key, limits))

    def close(self) -> None:
        self.redis.close()

    @cached_property
    def redis(self) -> redis.Redis:
        return open_redis(self._url)

    def _take(self, try_id: str, limits: Sequence[Limit]) -> None:
        arguments: list[str | int] = [try_id]
        for limit in limits:
            arguments.append(len(limit.windows))
            arguments += [part for each in limit.windows for part in (each.most, each.seconds)]
        with redis_errors():
            take = self.redis.register_script(_TAKE)
            wait = float(cast("bytes", take([_key(each) for each in limits], arguments)))
        if wait > 0:
            raise TooManyRequests(retry_after=math.ceil(wait))

    def _give_back(self, try_id: str, limits: Sequence[Limit]) -> None:
        with redis_errors(), self.redis.pipeline() as pipeline:
            for limit in limits:
                pipeline.zrem(_key(limit), try_id)
            pipeline.execute()


def _new_id() -> str:
    return secrets.token_urlsafe(TRY_ID_BYTES)


def _key(limit: Limit) -> str:
    return f"limits:{limit.name}"
