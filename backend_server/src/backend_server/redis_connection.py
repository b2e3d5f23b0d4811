"""How Redis is spoken to: with short timeouts, and one error when it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend_server.config import Secret
from backend_server.errors import PartUnavailable

CONNECT_TIMEOUT_SECONDS: Final = 1
ANSWER_TIMEOUT_SECONDS: Final = 2
# One: a pooled connection may have died with the last Redis, a new one will not have.
RETRIES: Final = 1


def open_redis(url: Secret) -> redis.Redis:
    """Connects on first use."""
    return redis.Redis.from_url(
        url.reveal(),
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=ANSWER_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), RETRIES),
    )


@contextmanager
def redis_errors() -> Iterator[None]:
    """Raises `PartUnavailable("redis")` whenever Redis does not answer."""
    try:
        yield
    except redis.RedisError as error:
        raise PartUnavailable("redis") from error
