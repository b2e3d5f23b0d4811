"""The one live reset code of a member, as rows. `derived_tokens` makes the code itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from backend_server.accounts import email_addresses
from backend_server.accounts.model import RESET_CODE_LIFETIME, RESET_CODE_TRIES

# A newer job's code replaces an older one's. A job that runs again replaces its own only when that
# is too old to be worth sending.
_ISSUE: Final = """
    insert into password_resets as live (user_id, job_id, tries_left, expires_at)
    values (%(user_id)s, %(job_id)s, %(tries)s, now() + %(lifetime)s)
    on conflict (user_id) do update
    set id = gen_random_uuid(), job_id = excluded.job_id, tries_left = excluded.tries_left,
        expires_at = excluded.expires_at, used_at = null, created_at = now()
    where live.job_id < excluded.job_id
       or (live.job_id = excluded.job_id and live.used_at is null and live.expires_at <= now())
"""

_FIND_ISSUED: Final = """
    select id from password_resets
    where user_id = %(user_id)s and job_id = %(job_id)s and used_at is null
"""

# One statement, so that guesses made at the same time cannot share a try.
_SPEND_TRY: Final = """
    update password_resets set tries_left = tries_left - 1
    where user_id = (select id from users where email_key = %s)
      and tries_left > 0 and used_at is null and expires_at > now()
    returning id, user_id
"""

_USE: Final = """
    update password_resets set used_at = now()
    where id = %s and used_at is null and expires_at > now()
"""

_RECORD_WRONG_GUESS: Final = "insert into reset_attempts (user_id) values (%s)"


@dataclass(frozen=True, slots=True)
class LiveReset:
    id: UUID
    user_id: UUID


def issue(connection: Connection[Any], user_id: UUID, job_id: int) -> UUID | None:
    """What to derive the code from; None when a newer job has issued one, or it is used."""
    row = {
        "user_id": user_id,
        "job_id": job_id,
        "tries": RESET_CODE_TRIES,
        "lifetime": RESET_CODE_LIFETIME,
    }
    connection.execute(_ISSUE, row)
    found = connection.execute(_FIND_ISSUED, row).fetchone()
    return found[0] if found else None


def spend_try(connection: Connection[Any], email: str) -> LiveReset | None:
    """None when there is no live code for the address, or none of its tries is left."""
    with connection.cursor(row_factory=class_row(LiveReset)) as cursor:
        return cursor.execute(_SPEND_TRY, [email_addresses.key_of(email)]).fetchone()


def use(connection: Connection[Any], reset_id: UUID) -> bool:
    """Whether the code was still there to be used."""
    return connection.execute(_USE, [reset_id]).rowcount == 1


def record_wrong_guess(connection: Connection[Any], user_id: UUID) -> None:
    connection.execute(_RECORD_WRONG_GUESS, [user_id])
