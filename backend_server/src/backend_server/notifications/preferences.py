"""What a member wants to be told, and whether mail reaches them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict
from uuid import UUID

from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier, Placeholder

from backend_server.database import psycopg_connection
from backend_server.errors import FieldErrors

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

NotifyAbout = Literal["followed", "everyone", "nobody"]
AddressProblem = Literal["unconfirmed", "bounced", "bouncing", "complained", "suppressed"]

_FIND: Final = """
    select coalesce(preferences.notify_about, 'followed') as notify_about,
           to_char(coalesce(preferences.digest_time, '08:00'), 'HH24:MI') as digest_time,
           coalesce(preferences.time_zone, 'UTC') as time_zone,
           coalesce(preferences.mention_mail, true) as mention_mail,
           case when preferences.paused_until > now() then preferences.paused_until end
               as paused_until,
           case when users.email_confirmed_at is null then 'unconfirmed' else suppressed.reason end
               as address_problem
    from users
    left join notification_preferences preferences on preferences.user_id = users.id
    left join suppressed_addresses suppressed
        on suppressed.email_key = users.email_key
        and (suppressed.until is null or suppressed.until > now())
    where users.id = %s"""

_CHOOSE: Final = SQL("""
    insert into notification_preferences (user_id, {columns}) values (%(user_id)s, {values})
    on conflict (user_id) do update set {changes}, updated_at = now()""")

# From the next digest on that is not due yet, but not two of them within half a day.
_MOVE_DIGEST: Final = """
    update digests
    set next_at = next_digest_at(digest_time, time_zone,
                                 greatest(now(), last_at + %(least_between)s))
    from notification_preferences
    where member_id = %(user_id)s and user_id = member_id and next_at > now()"""
LEAST_BETWEEN_DIGESTS: Final = timedelta(hours=12)

# Spellings that Postgres would take, too, but no place has.
_TIME_ZONE: Final = re.compile(r"[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_+-]+)*")
_IS_TIME_ZONE: Final = "select exists (select from pg_timezone_names where name = %s)"


@dataclass(frozen=True, slots=True)
class Preferences:
    notify_about: NotifyAbout
    # None when mail is not paused.
    paused_until: datetime | None
    # Why no mail about posts arrives, whatever is wished; None when it does.
    address_problem: AddressProblem | None
    # When the digest comes, by the clocks of the time zone: "HH:MM".
    digest_time: str
    # IANA name.
    time_zone: str
    # Whether posts that name the member are mailed.
    mention_mail: bool


def find_preferences(connection: Connection[Any], user_id: UUID) -> Preferences | None:
    """None when there is no such member."""
    with connection.cursor(row_factory=class_row(Preferences)) as cursor:
        return cursor.execute(_FIND, [user_id]).fetchone()


class Choices(TypedDict, total=False):
    notify_about: NotifyAbout
    paused_until: datetime | None
    digest_time: time
    time_zone: str
    mention_mail: bool


def choose_preferences(database: Database, user_id: UUID, choices: Choices) -> None:
    """What is not chosen stays as it is. Raises `FieldErrors` for an unknown time zone."""
    if not choices:
        return
    names = [Identifier(name) for name in choices]
    statement = _CHOOSE.format(
        columns=SQL(", ").join(names),
        values=SQL(", ").join(Placeholder(name) for name in choices),
        changes=SQL(", ").join(SQL("{0} = excluded.{0}").format(name) for name in names),
    )
    parameters = {"user_id": user_id, "least_between": LEAST_BETWEEN_DIGESTS, **choices}
    with database.transaction() as session:
        connection = psycopg_connection(session)
        if "time_zone" in choices:
            _check_time_zone(connection, choices["time_zone"])
        connection.execute(statement, parameters)
        if choices.keys() & {"digest_time", "time_zone"}:
            connection.execute(_MOVE_DIGEST, parameters)
        session.commit()


def _check_time_zone(connection: Connection[Any], name: str) -> None:
    is_known = _TIME_ZONE.fullmatch(name) and connection.execute(_IS_TIME_ZONE, [name]).fetchone()
    if not is_known or not is_known[0]:
        raise FieldErrors(fields={"time_zone": ["This is no time zone, such as Europe/Madrid."]})
