"""Whether a member owns an address, as rows. `derived_tokens` makes the token in the mail."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from backend_server.accounts.model import CONFIRMATION_LIFETIME

_INSERT: Final = """
    insert into email_confirmations (user_id, email, expires_at)
    select id, email, now() + %(lifetime)s from users
    where id = %(user_id)s and email_confirmed_at is null
    returning id
"""

_FIND_OPEN: Final = """
    select user_id from email_confirmations
    where id = %s and used_at is null and expires_at > now()
"""

_USE: Final = """
    update email_confirmations set used_at = now()
    where id = %s and used_at is null and expires_at > now()
    returning user_id, email
"""

# Not an address that the member has given up since.
_CONFIRM: Final = """
    update users set email_confirmed_at = coalesce(email_confirmed_at, now())
    where id = %s and email = %s
"""


def insert(connection: Connection[Any], user_id: UUID) -> UUID | None:
    """None when the address already is confirmed."""
    row = {"user_id": user_id, "lifetime": CONFIRMATION_LIFETIME}
    inserted = connection.execute(_INSERT, row).fetchone()
    return inserted[0] if inserted else None


def find_open(connection: Connection[Any], confirmation_id: UUID) -> UUID | None:
    """The id of the member whose address is to be confirmed."""
    found = connection.execute(_FIND_OPEN, [confirmation_id]).fetchone()
    return found[0] if found else None


def use(connection: Connection[Any], confirmation_id: UUID) -> bool:
    """Whether it confirmed the member's address."""
    used = connection.execute(_USE, [confirmation_id]).fetchone()
    return used is not None and connection.execute(_CONFIRM, used).rowcount == 1
