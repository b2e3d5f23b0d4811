"""What a member wants to be told, and whether mail reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from psycopg.rows import class_row

from backend_server.database import psycopg_connection

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

NotifyAbout = Literal["followed", "everyone", "nobody"]
AddressProblem = Literal["unconfirmed", "bounced", "bouncing", "complained", "suppressed"]

_FIND: Final = """
    select coalesce(preferences.notify_about, 'followed') as notify_about,
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

_CHOOSE: Final = """
    insert into notification_preferences (user_id, notify_about, paused_until)
    values (%(user_id)s, %(notify_about)s, %(paused_until)s)
    on conflict (user_id) do update
    set notify_about = excluded.notify_about, paused_until = excluded.paused_until,
        updated_at = now()"""


@dataclass(frozen=True, slots=True)
class Preferences:
    notify_about: NotifyAbout
    # None when mail is not paused.
    paused_until: datetime | None
    # Why no mail about posts arrives, whatever is wished; None when it does.
    address_problem: AddressProblem | None


def find_preferences(connection: Connection[Any], user_id: UUID) -> Preferences | None:
    """None when there is no such member."""
    with connection.cursor(row_factory=class_row(Preferences)) as cursor:
        return cursor.execute(_FIND, [user_id]).fetchone()


def choose_preferences(
    database: Database,
    user_id: UUID,
    *,
    notify_about: NotifyAbout,
    paused_until: datetime | None,
) -> None:
    """All of them: what was chosen before is replaced."""
    parameters = {
        "user_id": user_id,
        "notify_about": notify_about,
        "paused_until": paused_until,
    }
    with database.transaction() as session:
        psycopg_connection(session).execute(_CHOOSE, parameters)
        session.commit()
