"""Queues whose jobs wait for more than a moment, and why: for operators, who may have to act."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psycopg.rows import class_row

from backend_server.database import psycopg_connection

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

# A shorter pause is a rate limit at work.
LEAST_SECONDS: Final = 60.0

# Each try that fails prolongs a pause; one that comes long after the last is another pause.
_NOTE: Final = """
    insert into paused_lanes (queue, reason, since, until)
    values (%(queue)s, %(reason)s, now(), now() + make_interval(secs => %(seconds)s))
    on conflict (queue) do update
    set reason = excluded.reason, until = greatest(paused_lanes.until, excluded.until),
        since = case when paused_lanes.until < now() - make_interval(secs => %(seconds)s)
                then excluded.since else paused_lanes.since end"""
_FORGET: Final = "delete from paused_lanes where queue = %s"
_PAUSED: Final = """
    select queue, reason, since, until from paused_lanes where until > now() order by queue"""


class PausedLane(NamedTuple):
    queue: str
    reason: str
    since: datetime
    until: datetime


def note_pause(database: Database, queue: str, reason: str, seconds: float) -> None:
    with database.transaction() as session:
        parameters = {"queue": queue, "reason": reason, "seconds": seconds}
        psycopg_connection(session).execute(_NOTE, parameters)
        session.commit()


def forget_pause(database: Database, queue: str) -> None:
    """Its jobs are done again."""
    with database.transaction() as session:
        psycopg_connection(session).execute(_FORGET, [queue])
        session.commit()


def paused_lanes(connection: Connection[Any]) -> list[PausedLane]:
    with connection.cursor(row_factory=class_row(PausedLane)) as cursor:
        return cursor.execute(_PAUSED).fetchall()
