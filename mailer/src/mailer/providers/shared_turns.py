"""When the next call to a provider may go out, decided in Redis: for all mailers of a deployment.

limits:mail_provider   hash: next_at, held_until (Unix time by the clock of Redis), parked_because
"""

import time
from collections.abc import Callable
from typing import TypeVar, cast

import redis
import structlog

from mailer.providers.turns import LONGEST_WAIT_SECONDS, PARKED_SECONDS, OwnTurns, Turn

log = structlog.get_logger(__name__)

KEY = "limits:mail_provider"
TIMEOUT_SECONDS = 1.0
# Until Redis is asked again after it did not answer.
PATIENCE_SECONDS = 5.0

_NOW = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local function at(field) return tonumber(redis.call('HGET', KEYS[1], field) or '0') end
local function set(...)
    redis.call('HSET', KEYS[1], ...)
    redis.call('EXPIRE', KEYS[1], 86400)
end
"""

# As `OwnTurns.take`. ARGV: seconds between calls, 1 when urgent, longest wait, seconds parked.
_TAKE = (
    _NOW
    + """
local parked = redis.call('HGET', KEYS[1], 'parked_because') or ''
local seconds = math.max(at('next_at') - now, at('held_until') - now, 0)
local may_wait = ARGV[2] == '1' and parked == '' and seconds <= tonumber(ARGV[3])
if seconds > 0 and not may_wait then return {'0', tostring(seconds), parked} end
set('next_at', tostring(now + seconds + ARGV[1]))
if parked ~= '' then set('held_until', tostring(now + ARGV[4])) end
return {'1', tostring(seconds), parked}
"""
)
_HELD = _NOW + "return tostring(math.max(at('held_until') - now, 0))"
_HOLD = _NOW + "set('held_until', tostring(math.max(at('held_until'), now + ARGV[1])))"
_PARK = _NOW + "set('held_until', tostring(now + ARGV[1]), 'parked_because', ARGV[2])"
_RELEASE = _NOW + "set('held_until', '0', 'parked_because', '')"

Result = TypeVar("Result")


class SharedTurns:
    """While Redis does not answer, each mailer takes turns of its own.

    Several then exceed the limit together, which the provider answers with 429 and a time to wait:
    mail goes on, more slowly, instead of standing still.
    """

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        self._own = OwnTurns()
        self._ask_again_at = 0.0
        self._take = self._redis.register_script(_TAKE)
        self._held = self._redis.register_script(_HELD)
        self._hold = self._redis.register_script(_HOLD)
        self._park = self._redis.register_script(_PARK)
        self._release = self._redis.register_script(_RELEASE)

    def take(self, seconds_between_calls: float, *, urgent: bool) -> Turn:
        arguments = [seconds_between_calls, int(urgent), LONGEST_WAIT_SECONDS, PARKED_SECONDS]

        def shared() -> Turn:
            granted, seconds, parked = cast("list[bytes]", self._take([KEY], arguments))
            return Turn(granted == b"1", float(seconds), parked.decode())

        return self._ask(shared, lambda: self._own.take(seconds_between_calls, urgent=urgent))

    def held_seconds(self) -> float:
        return self._ask(
            lambda: float(cast("bytes", self._held([KEY]))), lambda: self._own.held_seconds()
        )

    def hold(self, seconds: float) -> None:
        self._own.hold(seconds)
        self._ask(lambda: self._hold([KEY], [seconds]), lambda: None)

    def park(self, because: str) -> None:
        self._own.park(because)
        self._ask(lambda: self._park([KEY], [PARKED_SECONDS, because]), lambda: None)

    def release(self) -> None:
        self._own.release()
        self._ask(lambda: self._release([KEY]), lambda: None)

    def close(self) -> None:
        self._redis.close()

    def _ask(self, shared: Callable[[], Result], own: Callable[[], Result]) -> Result:
        if time.monotonic() < self._ask_again_at:
            return own()
        try:
            return shared()
        except redis.RedisError as error:
            log.warning("turns are not shared", error=str(error))
            self._ask_again_at = time.monotonic() + PATIENCE_SECONDS
            return own()
