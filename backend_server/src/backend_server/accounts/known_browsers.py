"""From which browsers a member has signed in before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from uuid import UUID

from backend_server import jobs
from backend_server.database import psycopg_connection

if TYPE_CHECKING:
    from backend_server.database import Database

SEND_NEW_SIGN_IN: Final = "accounts.send_new_sign_in"

# Both parts see what was there before. Who has never signed in knows of no browser.
_SEE: Final = """
    with others as (
        select exists (select from known_browsers where user_id = %(user_id)s) as any_known
    ), seen as (
        insert into known_browsers (user_id, browser) values (%(user_id)s, %(browser)s)
        on conflict (user_id, browser) do update set last_seen_at = now()
        -- An update leaves its number there, an insert does not.
        returning xmax = 0 as is_new
    )
    select any_known and is_new from others, seen"""


def remember_browser(database: Database, user_id: UUID, browser: str) -> None:
    """Has the member told by mail when they never signed in from it, but did from another."""
    with database.transaction() as session:
        parameters = {"user_id": user_id, "browser": browser}
        row = psycopg_connection(session).execute(_SEE, parameters).fetchone()
        if row and row[0]:
            jobs.defer(
                session,
                SEND_NEW_SIGN_IN,
                queue=jobs.ACCOUNT_MAIL,
                user_id=str(user_id),
                browser=browser,
                signed_in_at=int(time.time()),
            )
        session.commit()
