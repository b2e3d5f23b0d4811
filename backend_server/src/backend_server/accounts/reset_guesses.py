"""How often reset codes may be guessed at. Counted in Postgres: losing Redis forgives no guess.

A guess at an account without a live code cannot be right. It counts for the network it comes from,
or the answer would tell which accounts have codes, but neither for the account nor for everybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, LiteralString, cast
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from backend_server.accounts.errors import ResetsShut
from backend_server.accounts.model import RESET_HOURS_IN_A_DAY
from backend_server.errors import TooManyRequests
from backend_server.limits import DAY, HOUR, Window

if TYPE_CHECKING:
    from backend_server.config import Settings
    from backend_server.environment import IPNetwork

# Any number that no other lock of ours has: guesses take turns, so that none is counted late.
_TURN: Final = 0x7265736574
_TAKE_TURN: Final = "select pg_advisory_xact_lock(%s)"

# When the oldest of the last guesses that fill the budget leaves it.
_NETWORK_FULL_UNTIL: Final = """
    select attempted_at + %(period)s from reset_attempts
    where client_network = %(network)s and attempted_at > now() - %(period)s
    order by attempted_at desc offset %(most)s - 1 limit 1
"""
_FULL_UNTIL: Final = """
    select attempted_at + %(period)s from reset_attempts
    where user_id is not null and attempted_at > now() - %(period)s
    order by attempted_at desc offset %(most)s - 1 limit 1
"""

_RECORD: Final = """
    insert into reset_attempts (user_id, client_network) values (%s, %s) returning id
"""
_FORGET: Final = "delete from reset_attempts where id = %s"
_FORGET_OLD: Final = "delete from reset_attempts where attempted_at < now() - %s"

# One for each time it shuts.
_ALERT: Final = """
    insert into reset_breaker_alerts (shut_until, counted_over, guesses)
    select %(until)s, %(period)s, %(most)s
    where not exists (select from reset_breaker_alerts where shut_until > now())
    returning shut_until
"""


@dataclass(frozen=True, slots=True)
class Alert:
    id: int
    opened_at: datetime
    shut_until: datetime
    guesses: int
    counted_over: timedelta


_LIST_ALERTS: Final = """
    select id, opened_at, shut_until, guesses, counted_over from reset_breaker_alerts
    order by opened_at desc limit %s
"""


def take_turn(connection: Connection[Any]) -> None:
    """Until the end of the transaction, all guesses that are counted are committed."""
    connection.execute(_TAKE_TURN, [_TURN])


def check(connection: Connection[Any], settings: Settings, network: IPNetwork) -> None:
    """Raises `TooManyRequests` for the network, or `ResetsShut` for everybody."""
    own = Window(settings.reset_guesses_per_network, HOUR)
    until = _full_until(connection, _NETWORK_FULL_UNTIL, own, network)
    if until:
        raise TooManyRequests(_seconds_until(connection, until))
    for window in _windows_of_everybody(settings):
        until = _full_until(connection, _FULL_UNTIL, window)
        if until:
            raise ResetsShut(_seconds_until(connection, until))


def record(connection: Connection[Any], user_id: UUID | None, network: IPNetwork) -> int:
    """Counts a guess as wrong, before anything is compared. Returns its id."""
    connection.execute(_FORGET_OLD, [timedelta(seconds=DAY)])
    recorded = connection.execute(_RECORD, [user_id, network]).fetchone() or [0]
    return int(recorded[0])


def forget(connection: Connection[Any], attempt_id: int) -> None:
    """It was right."""
    connection.execute(_FORGET, [attempt_id])


def alert_if_shut(connection: Connection[Any], settings: Settings) -> datetime | None:
    """Until when resets are shut for everybody, if that has just happened."""
    take_turn(connection)
    for window in _windows_of_everybody(settings):
        until = _full_until(connection, _FULL_UNTIL, window)
        row = {"until": until, "period": timedelta(seconds=window.seconds), "most": window.most}
        if until and connection.execute(_ALERT, row).fetchone():
            return until
    return None


def list_alerts(connection: Connection[Any], most: int) -> list[Alert]:
    """Newest first."""
    with connection.cursor(row_factory=class_row(Alert)) as cursor:
        return cursor.execute(_LIST_ALERTS, [most]).fetchall()


def _windows_of_everybody(settings: Settings) -> tuple[Window, Window]:
    most = settings.reset_guesses_per_hour
    return Window(most, HOUR), Window(most * RESET_HOURS_IN_A_DAY, DAY)


def _full_until(
    connection: Connection[Any],
    query: LiteralString,
    window: Window,
    network: IPNetwork | None = None,
) -> datetime | None:
    """None while there is room."""
    row = {
        "network": network,
        "period": timedelta(seconds=window.seconds),
        "most": window.most,
    }
    found = connection.execute(query, row).fetchone()
    return cast("tuple[datetime]", found)[0] if found else None


def _seconds_until(connection: Connection[Any], moment: datetime) -> int:
    """By the database's clock, which counted the guesses."""
    [now] = connection.execute("select clock_timestamp()").fetchone() or [moment]
    return max(1, math.ceil((moment - cast("datetime", now)).total_seconds()))
