"""Which sessions exist, in Redis: an allow-list, so that lost data signs members out, never in.

session:{id}            user_id, started_at, user_agent (hash); lives IDLE_LIFETIME after each use,
                        so that its expiry tells when that was, to within USE_NOTED_EVERY
sessions_of:{user_id}   the ids of the member's sessions by start (sorted set)
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import cast
from uuid import UUID

import redis

from backend_server.batches import Batches
from backend_server.config import Secret
from backend_server.redis_connection import open_redis, redis_errors
from backend_server.sessions.model import (
    ABSOLUTE_LIFETIME,
    IDLE_LIFETIME,
    MOST_SESSIONS,
    MOST_USER_AGENT_CHARACTERS,
    SESSION_ID_BYTES,
    USE_NOTED_EVERY,
    Session,
    SignedInBrowser,
    public_id,
)

KEYS_AT_ONCE = 1_000


class SessionStore:
    """Whenever Redis does not answer, raises `PartUnavailable("redis")`. Connects on first use."""

    def __init__(self, url: Secret) -> None:
        self._url = url
        self._uses = Batches(self._use_each)

    def start(self, user_id: UUID, user_agent: str) -> Session:
        """A new session. Beyond `MOST_SESSIONS` of the member, the oldest end."""
        started_at = time.time()
        session = Session(
            id=secrets.token_urlsafe(SESSION_ID_BYTES),
            user_id=user_id,
            expires_at=int(started_at + ABSOLUTE_LIFETIME.total_seconds()),
        )
        with redis_errors(), self._redis.pipeline() as pipeline:
            pipeline.hset(
                _session_key(session.id),
                mapping={
                    "user_id": str(user_id),
                    "started_at": int(started_at),
                    "user_agent": user_agent[:MOST_USER_AGENT_CHARACTERS],
                },
            )
            pipeline.expire(_session_key(session.id), IDLE_LIFETIME)
            pipeline.zadd(_sessions_key(user_id), {session.id: started_at})
            pipeline.expire(_sessions_key(user_id), ABSOLUTE_LIFETIME)
            pipeline.zcard(_sessions_key(user_id))
            number_of_sessions = pipeline.execute()[-1]
        if number_of_sessions > MOST_SESSIONS:
            self._end_oldest(user_id)
        return session

    def is_live(self, session: Session) -> bool:
        """Whether the session exists; if so, it lives on. Shares a round trip with who asks now."""
        with redis_errors():
            owner, started_at = self._uses.ask(session.id)
        return bool(owner == str(session.user_id).encode()) and not _is_too_old(
            int(started_at or 0)
        )

    def of_member(self, user_id: UUID) -> list[SignedInBrowser]:
        """Those that are live, in no particular order."""
        ids = self._ids_of(user_id)
        with redis_errors(), self._redis.pipeline(transaction=False) as pipeline:
            for session_id in ids:
                pipeline.hmget(_session_key(session_id), "started_at", "user_agent")
                pipeline.expiretime(_session_key(session_id))
            found = pipeline.execute()
        return [
            SignedInBrowser(
                id=public_id(session_id),
                user_agent=user_agent.decode(errors="replace"),
                started_at=_moment(int(started_at)),
                last_seen_at=_moment(expires_at) - IDLE_LIFETIME,
            )
            for session_id, (started_at, user_agent), expires_at in zip(
                ids, found[::2], found[1::2], strict=True
            )
            if started_at is not None and not _is_too_old(int(started_at))
        ]

    def end_one(self, user_id: UUID, public: str) -> bool:
        """Whether the member had a session of this public id."""
        ids = [each for each in self._ids_of(user_id) if public_id(each) == public]
        self._end(user_id, ids)
        return bool(ids)

    def end_others(self, session: Session) -> None:
        """Every other session of the member that has been started before this call."""
        ids = self._ids_of(session.user_id)
        self._end(session.user_id, [each for each in ids if each != session.id])

    def end(self, session: Session) -> None:
        self._end(session.user_id, [session.id])

    def end_all(self, user_id: UUID) -> None:
        """Every session of the member that has been started before this call."""
        self._end(user_id, self._ids_of(user_id))

    def count(self) -> int:
        """All that are live. Walks through the keys, a thousand at a time."""
        with redis_errors():
            keys = self._redis.scan_iter(match=_session_key("*"), count=KEYS_AT_ONCE)
            return sum(1 for _ in keys)

    def is_up(self) -> bool:
        try:
            return bool(self._redis.ping())
        except redis.RedisError:
            return False

    def close(self) -> None:
        self._redis.close()

    def _use_each(self, session_ids: Sequence[str]) -> list[list[bytes | None]]:
        """User id and start of each session; those that exist live on."""
        with self._redis.pipeline(transaction=False) as pipeline:
            for session_id in session_ids:
                pipeline.hmget(_session_key(session_id), "user_id", "started_at")
                pipeline.ttl(_session_key(session_id))
            found = pipeline.execute()
        self._prolong(
            # Redis says -2 of a session that is none.
            session_id
            for session_id, seconds_left in zip(session_ids, found[1::2], strict=True)
            if 0 <= seconds_left <= (IDLE_LIFETIME - USE_NOTED_EVERY).total_seconds()
        )
        return cast("list[list[bytes | None]]", found[::2])

    def _prolong(self, session_ids: Iterable[str]) -> None:
        """Nothing is made by it: a session that has ended stays ended."""
        # Not at each use: Redis answers a write when its disk has it, and reads wait behind it.
        with self._redis.pipeline(transaction=False) as pipeline:
            for session_id in session_ids:
                pipeline.expire(_session_key(session_id), IDLE_LIFETIME)
            pipeline.execute()

    def _end_oldest(self, user_id: UUID) -> None:
        ids = self._ids_of(user_id)
        with redis_errors(), self._redis.pipeline(transaction=False) as pipeline:
            for session_id in ids:
                pipeline.exists(_session_key(session_id))
            exist = pipeline.execute()
        idle = [session_id for session_id, exists in zip(ids, exist, strict=True) if not exists]
        live = [session_id for session_id, exists in zip(ids, exist, strict=True) if exists]
        self._end(user_id, [*idle, *live[:-MOST_SESSIONS]])

    def _ids_of(self, user_id: UUID) -> list[str]:
        """Oldest first."""
        with redis_errors():
            ids = self._redis.zrange(_sessions_key(user_id), 0, -1)
        return [session_id.decode() for session_id in cast("list[bytes]", ids)]

    def _end(self, user_id: UUID, session_ids: list[str]) -> None:
        if not session_ids:
            return
        with redis_errors(), self._redis.pipeline() as pipeline:
            pipeline.delete(*map(_session_key, session_ids))
            pipeline.zrem(_sessions_key(user_id), *session_ids)
            pipeline.execute()

    @cached_property
    def _redis(self) -> redis.Redis:
        return open_redis(self._url)


def _is_too_old(started_at: int) -> bool:
    return time.time() >= started_at + ABSOLUTE_LIFETIME.total_seconds()


def _moment(unix_time: int) -> datetime:
    return datetime.fromtimestamp(unix_time, UTC)


def _session_key(session_id: str) -> str:
    return f"session:{session_id}"


def _sessions_key(user_id: UUID) -> str:
    return f"sessions_of:{user_id}"
