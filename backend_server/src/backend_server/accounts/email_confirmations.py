"""Whether a member owns an address, as rows. `derived_tokens` makes the token in the mail.

The address is the member's own, or one that the account is to move to once it is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from backend_server.accounts import email_addresses
from backend_server.accounts.model import CONFIRMATION_LIFETIME

_INSERT: Final = """
    insert into email_confirmations (user_id, email, expires_at)
    values (%(user_id)s, %(email)s, now() + %(lifetime)s)
    returning id
"""

# An address that works once more needs its owner's word too: mail to it has failed.
_UNCONFIRMED_ADDRESS: Final = """
    select email from users
    where id = %s
      and (email_confirmed_at is null
           or exists (select from suppressed_addresses
                      where suppressed_addresses.email_key = users.email_key
                        and reason in ('bounced', 'bouncing')))
"""

# The last address asked for is the one that the account may move to.
_GIVE_UP_OTHERS: Final = """
    delete from email_confirmations
    where user_id = %(user_id)s and used_at is null
      and email <> (select email from users where id = %(user_id)s)
"""

_FIND_PENDING: Final = """
    select email_confirmations.email from email_confirmations join users on users.id = user_id
    where user_id = %s and used_at is null and expires_at > now()
      and email_confirmations.email <> users.email
    order by email_confirmations.created_at desc
    limit 1
"""

_FIND_OPEN: Final = """
    select user_id, email from email_confirmations
    where id = %s and used_at is null and expires_at > now()
"""

_USE: Final = """
    update email_confirmations set used_at = now()
    where id = %s and used_at is null and expires_at > now()
    returning user_id, email
"""

# What was asked for before must not take the address back.
_GIVE_UP_EARLIER: Final = """
    delete from email_confirmations
    where user_id = %(user_id)s and used_at is null
      and created_at <= (select created_at from email_confirmations where id = %(id)s)
"""

_CURRENT: Final = "select email from users where id = %s for no key update"
_CONFIRM: Final = """
    update users set email = %(email)s, email_key = %(email_key)s, email_confirmed_at = now()
    where id = %(user_id)s
"""
# Whoever owns it has shown that mail arrives; a complaint stays.
_RELEASE: Final = """
    delete from suppressed_addresses where email_key = %s and reason in ('bounced', 'bouncing')
"""


@dataclass(frozen=True, slots=True)
class OpenConfirmation:
    user_id: UUID
    # That it is sent to, and that it confirms.
    email: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    user_id: UUID
    # That the account had until now; None when it is the one confirmed.
    old_email: str | None


def insert(connection: Connection[Any], user_id: UUID, email: str) -> UUID:
    row = {"user_id": user_id, "email": email, "lifetime": CONFIRMATION_LIFETIME}
    [confirmation_id] = connection.execute(_INSERT, row).fetchone() or [None]
    return UUID(str(confirmation_id))


def address_to_confirm(connection: Connection[Any], user_id: UUID) -> str | None:
    """That the account is to move to, else its own; None when there is nothing to confirm."""
    for query in (_FIND_PENDING, _UNCONFIRMED_ADDRESS):
        row = connection.execute(query, [user_id]).fetchone()
        if row:
            return str(row[0])
    return None


def give_up_pending(connection: Connection[Any], user_id: UUID) -> None:
    """The account stays with its address, or moves to one that is asked for next."""
    connection.execute(_GIVE_UP_OTHERS, {"user_id": user_id})


def find_open(connection: Connection[Any], confirmation_id: UUID) -> OpenConfirmation | None:
    with connection.cursor(row_factory=class_row(OpenConfirmation)) as cursor:
        return cursor.execute(_FIND_OPEN, [confirmation_id]).fetchone()


def use(connection: Connection[Any], confirmation_id: UUID) -> Confirmed | None:
    """The member's address is then this one, and confirmed. None for one that is used or too old.

    An address that somebody else has taken meanwhile violates a constraint.
    """
    used = connection.execute(_USE, [confirmation_id]).fetchone()
    if used is None:
        return None
    user_id, email = used
    current = connection.execute(_CURRENT, [user_id]).fetchone()
    if current is None:
        return None
    email_key = email_addresses.key_of(email)
    connection.execute(_CONFIRM, {"user_id": user_id, "email": email, "email_key": email_key})
    connection.execute(_RELEASE, [email_key])
    connection.execute(_GIVE_UP_EARLIER, {"user_id": user_id, "id": confirmation_id})
    return Confirmed(user_id, old_email=current[0] if current[0] != email else None)


def confirm_current(connection: Connection[Any], user_id: UUID) -> str:
    """The address that the account has, which is returned."""
    [email] = connection.execute(_CURRENT, [user_id]).fetchone() or [None]
    email_key = email_addresses.key_of(str(email))
    connection.execute(_CONFIRM, {"user_id": user_id, "email": email, "email_key": email_key})
    connection.execute(_RELEASE, [email_key])
    return str(email)
