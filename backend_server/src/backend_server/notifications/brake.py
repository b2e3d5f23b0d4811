"""Holds notifications back while too many readers complain or too many addresses bounce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog
from psycopg.rows import class_row

from backend_server.database import psycopg_connection
from backend_server.grpc_errors import PostponedCallError
from backend_server.notifications.reputation import Reputation, Verdict

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

log: Final = structlog.get_logger(__name__)

COUNTED_DAYS: Final = 7
STOPPED_SECONDS: Final = 15 * 60.0
SLOW_SECONDS: Final = 60.0

_COUNT_ACCEPTED: Final = """
    insert into accepted_mails (hour, count) values (date_trunc('hour', now()), %s)
    on conflict (hour) do update set count = accepted_mails.count + excluded.count"""

# Of mails about posts only: who cannot be reached about their account hurts nobody's inbox.
_REPUTATION: Final = """
    with counted as (
        select greatest(now() - make_interval(days => %(days)s), counted_from) as since
        from mail_brake
    )
    select (select coalesce(sum(count), 0)::bigint from accepted_mails, counted
            where hour >= date_trunc('hour', since)) as mails,
           count(distinct told.accepted_id) filter (where told.kind = 'bounced_permanently')
               as bounced,
           count(distinct told.accepted_id) filter (where told.kind = 'complained') as complained
    from counted
    left join (mail_events told join deliveries on deliveries.accepted_id = told.accepted_id)
        on told.happened_at >= counted.since
        and told.kind in ('complained', 'bounced_permanently')"""

_TAKE_TURN: Final = """
    update mail_brake set next_chunk_at = now() + make_interval(secs => %s)
    where next_chunk_at <= now()
    returning 1"""

# What was accepted in this hour before now counts as good: counts are by the hour.
_START_ANEW: Final = "update mail_brake set counted_from = now()"


class HeldBackError(PostponedCallError):
    """Sending on would make mail providers distrust everything that comes from here."""


def count_accepted(connection: Connection[Any], mails: int) -> None:
    if mails:
        connection.execute(_COUNT_ACCEPTED, [mails])


def current_reputation(connection: Connection[Any]) -> Reputation:
    """Of the mails about posts of the last seven days."""
    with connection.cursor(row_factory=class_row(Reputation)) as cursor:
        return cursor.execute(_REPUTATION, {"days": COUNTED_DAYS}).fetchall()[0]


def let_through(database: Database) -> None:
    """Raises `HeldBackError` when a chunk is to wait. Counts as one chunk when it is not."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        judged = current_reputation(connection)
        match judged.verdict:
            case Verdict.STOP:
                log.error("notifications_stopped", reputation=str(judged))
                raise HeldBackError(f"stopped: {judged}", STOPPED_SECONDS)
            case Verdict.SLOW:
                turn = connection.execute(_TAKE_TURN, [SLOW_SECONDS]).fetchone()
                if turn is None:
                    raise HeldBackError(f"slowed: {judged}", SLOW_SECONDS)
                log.warning("notifications_slowed", reputation=str(judged))
            case Verdict.WARN:
                log.warning("complaints_rise", reputation=str(judged))
            case Verdict.FINE:
                pass
        session.commit()


def start_anew(database: Database) -> None:
    """An operator has seen to it: what was told before does not count any more."""
    with database.transaction() as session:
        psycopg_connection(session).execute(_START_ANEW)
        session.commit()
