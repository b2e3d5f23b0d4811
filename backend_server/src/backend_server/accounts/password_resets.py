"""The one live reset code of a member, as rows. `derived_tokens` makes the code itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from backend_server.accounts import email_addresses
from backend_server.accounts.model import (
    MAILS_OF_ONE_KIND,
    RESET_CODE_LIFETIME,
    RESET_CODE_TRIES,
    RESET_GUESSES_OF_AN_ACCOUNT,
)
from backend_server.limits import DAY

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

# As if by the last job, so that one that still waits to be done replaces it.
_ISSUE_OUT_OF_BAND: Final = """
    insert into password_resets as live (user_id, job_id, tries_left, expires_at)
    values (%(user_id)s, 0, %(tries)s, now() + %(lifetime)s)
    on conflict (user_id) do update
    set id = gen_random_uuid(), tries_left = excluded.tries_left,
        expires_at = excluded.expires_at, used_at = null, created_at = now()
    returning id
"""

# An operator knows who asks, so that guesses of others do not count against them.
_FORGIVE: Final = "delete from reset_attempts where user_id = %(user_id)s"

_FIND_ISSUED: Final = """
    select id from password_resets
    where user_id = %(user_id)s and job_id = %(job_id)s and used_at is null
"""

# One statement, so that guesses made at the same time cannot share a try.
# Guesses at a member's earlier codes count too, or each new code would bring new tries.
_SPEND_TRY: Final = """
    update password_resets set tries_left = tries_left - 1
    from users
    where user_id = users.id and users.email_key = %(email_key)s
      and tries_left > 0 and used_at is null and expires_at > now()
      and (
          select count(*) from reset_attempts
          where reset_attempts.user_id = password_resets.user_id
            and attempted_at > now() - %(period)s
      ) < %(most)s
    returning password_resets.id, user_id, users.username
"""

_USE: Final = """
    update password_resets set used_at = now()
    where id = %s and used_at is null and expires_at > now()
"""

# One after the other for each member, so that no two jobs issue within one limit.
_TAKE_TURN: Final = "select from users where id = %s for no key update"

_COUNT_ISSUED: Final = """
    select count(*) from reset_codes_issued
    where user_id = %(user_id)s and job_id <> %(job_id)s and issued_at > now() - %(period)s
"""

_COUNT_GUESSES: Final = """
    select count(*) from reset_attempts
    where user_id = %(user_id)s and attempted_at > now() - %(period)s
"""

_REMEMBER_ISSUED: Final = """
    insert into reset_codes_issued (job_id, user_id) values (%(job_id)s, %(user_id)s)
    on conflict do nothing
"""

_FORGET_OLD: Final = """
    delete from reset_codes_issued where user_id = %(user_id)s and issued_at < now() - %(period)s
"""


@dataclass(frozen=True, slots=True)
class LiveReset:
    id: UUID
    user_id: UUID
    username: str


def issue_out_of_band(connection: Connection[Any], user_id: UUID) -> UUID:
    """The id of a code for an operator to hand over, with tries of its own."""
    row = {"user_id": user_id, "tries": RESET_CODE_TRIES, "lifetime": RESET_CODE_LIFETIME}
    connection.execute(_FORGIVE, row)
    [reset_id] = connection.execute(_ISSUE_OUT_OF_BAND, row).fetchone() or [None]
    return UUID(str(reset_id))


def issue(connection: Connection[Any], user_id: UUID, job_id: int) -> UUID | None:
    """What to derive the code from.

    None when a newer job has issued one, it is used, or the member has got as many as may be.
    """
    connection.execute(_TAKE_TURN, [user_id])
    row = {
        "user_id": user_id,
        "job_id": job_id,
        "tries": RESET_CODE_TRIES,
        "lifetime": RESET_CODE_LIFETIME,
    }
    if _is_enough(connection, user_id, job_id):
        return None
    connection.execute(_ISSUE, row)
    found = connection.execute(_FIND_ISSUED, row).fetchone()
    if found is None:
        return None
    connection.execute(_REMEMBER_ISSUED, row)
    connection.execute(_FORGET_OLD, {**row, "period": timedelta(seconds=DAY)})
    return UUID(str(found[0]))


def _is_enough(connection: Connection[Any], user_id: UUID, job_id: int) -> bool:
    """A code that could not be entered is not issued either."""
    counted = [
        (_COUNT_GUESSES, RESET_GUESSES_OF_AN_ACCOUNT),
        *((_COUNT_ISSUED, window) for window in MAILS_OF_ONE_KIND),
    ]
    for query, window in counted:
        period = timedelta(seconds=window.seconds)
        row = {"user_id": user_id, "job_id": job_id, "period": period}
        [count] = connection.execute(query, row).fetchone() or [0]
        if count >= window.most:
            return True
    return False


def spend_try(connection: Connection[Any], email: str) -> LiveReset | None:
    """None when the address has no live code, or none of the code's or member's tries is left.

    Only in one's turn of `reset_guesses`: it counts what others have recorded.
    """
    row = {
        "email_key": email_addresses.key_of(email),
        "period": timedelta(seconds=RESET_GUESSES_OF_AN_ACCOUNT.seconds),
        "most": RESET_GUESSES_OF_AN_ACCOUNT.most,
    }
    with connection.cursor(row_factory=class_row(LiveReset)) as cursor:
        return cursor.execute(_SPEND_TRY, row).fetchone()


def use(connection: Connection[Any], reset_id: UUID) -> bool:
    """Whether the code was still there to be used."""
    return connection.execute(_USE, [reset_id]).rowcount == 1
