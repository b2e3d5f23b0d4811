"""Writing and finding members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from backend_server.accounts import email_addresses, usernames

_INSERT: Final = """
    insert into users (username, username_key, email, email_key, password_hash, language)
    values (
        %(username)s, %(username_key)s, %(email)s, %(email_key)s, %(password_hash)s, %(language)s
    )
    returning id
"""

# A username may look like somebody else's address: the address wins.
_FIND_CREDENTIALS: Final = """
    select id, username, email, password_hash, suspended_at is not null as is_suspended
    from users
    where email_key = %(email_key)s or username_key = %(username_key)s
    order by email_key = %(email_key)s desc
    limit 1
"""

_FIND_CREDENTIALS_BY_ID: Final = """
    select id, username, email, password_hash, suspended_at is not null as is_suspended
    from users where id = %s
"""

_FIND_RECIPIENT: Final = """
    select id, username, email, language, email_confirmed_at is not null as email_confirmed
    from users where id = %s and suspended_at is null
"""

_FIND_RECIPIENT_BY_EMAIL: Final = """
    select id, username, email, language, email_confirmed_at is not null as email_confirmed
    from users where email_key = %s and suspended_at is null
"""

# What is None stays.
_CHANGE_PROFILE: Final = """
    update users
    set username = coalesce(%(username)s, username),
        username_key = coalesce(%(username_key)s, username_key),
        bio = coalesce(%(bio)s, bio),
        show_email = coalesce(%(show_email)s, show_email),
        language = coalesce(%(language)s, language),
        updated_at = now()
    where id = %(user_id)s
"""

# Only if nobody changed it in the meantime.
_REPLACE_HASH: Final = """
    update users set password_hash = %(new)s, updated_at = now()
    where id = %(user_id)s and password_hash = %(old)s
"""


@dataclass(frozen=True, slots=True)
class NewMember:
    username: str
    email: str
    password_hash: str
    language: str


@dataclass(frozen=True, slots=True)
class Credentials:
    id: UUID
    username: str
    email: str
    password_hash: str
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What is None stays."""

    username: str | None
    bio: str | None
    show_email: bool | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member as somebody who gets account mail: nobody who is suspended does."""

    id: UUID
    username: str
    email: str
    language: str
    email_confirmed: bool


def insert(connection: Connection[Any], member: NewMember) -> UUID:
    row = {
        "username": member.username,
        "username_key": usernames.key_of(member.username),
        "email": member.email,
        "email_key": email_addresses.key_of(member.email),
        "password_hash": member.password_hash,
        "language": member.language,
    }
    [user_id] = connection.execute(_INSERT, row).fetchone() or [None]
    return UUID(str(user_id))


def find_credentials(connection: Connection[Any], username_or_email: str) -> Credentials | None:
    keys = {
        "username_key": usernames.key_of(username_or_email),
        "email_key": email_addresses.key_of(username_or_email),
    }
    with connection.cursor(row_factory=class_row(Credentials)) as cursor:
        return cursor.execute(_FIND_CREDENTIALS, keys).fetchone()


def find_credentials_by_id(connection: Connection[Any], user_id: UUID) -> Credentials | None:
    with connection.cursor(row_factory=class_row(Credentials)) as cursor:
        return cursor.execute(_FIND_CREDENTIALS_BY_ID, [user_id]).fetchone()


def find_recipient(connection: Connection[Any], user_id: UUID) -> Recipient | None:
    with connection.cursor(row_factory=class_row(Recipient)) as cursor:
        return cursor.execute(_FIND_RECIPIENT, [user_id]).fetchone()


def find_recipient_by_email(connection: Connection[Any], email: str) -> Recipient | None:
    with connection.cursor(row_factory=class_row(Recipient)) as cursor:
        return cursor.execute(_FIND_RECIPIENT_BY_EMAIL, [email_addresses.key_of(email)]).fetchone()


def may_sign_in(connection: Connection[Any], user_id: UUID, password_hash: str) -> bool:
    """With the password of this hash."""
    statement = """
        select 1 from users where id = %s and password_hash = %s and suspended_at is null"""
    return connection.execute(statement, [user_id, password_hash]).fetchone() is not None


def replace_password_hash(
    connection: Connection[Any], user_id: UUID, *, old: str, new: str
) -> bool:
    """Whether the old one was still there."""
    row = {"user_id": user_id, "old": old, "new": new}
    return connection.execute(_REPLACE_HASH, row).rowcount == 1


def set_password_hash(connection: Connection[Any], user_id: UUID, password_hash: str) -> None:
    statement = "update users set password_hash = %s, updated_at = now() where id = %s"
    connection.execute(statement, [password_hash, user_id])


def change_profile(connection: Connection[Any], user_id: UUID, changes: ProfileChanges) -> None:
    """A username that is taken violates a constraint: `error_responses` knows which."""
    row = {
        "user_id": user_id,
        "username": changes.username,
        "username_key": changes.username and usernames.key_of(changes.username),
        "bio": changes.bio,
        "show_email": changes.show_email,
        "language": changes.language,
    }
    connection.execute(_CHANGE_PROFILE, row)


def is_email_taken(connection: Connection[Any], email: str, *, except_by: UUID) -> bool:
    statement = "select 1 from users where email_key = %s and id <> %s"
    key = email_addresses.key_of(email)
    return connection.execute(statement, [key, except_by]).fetchone() is not None


def find_id(connection: Connection[Any], username: str) -> UUID | None:
    """Of suspended members too."""
    statement = "select id from users where username_key = %s"
    row = connection.execute(statement, [usernames.key_of(username)]).fetchone()
    return row[0] if row else None


def suspend(connection: Connection[Any], user_id: UUID) -> bool:
    """Whether that is new."""
    statement = "update users set suspended_at = now() where id = %s and suspended_at is null"
    return connection.execute(statement, [user_id]).rowcount == 1


def reinstate(connection: Connection[Any], user_id: UUID) -> bool:
    """Whether the member was suspended."""
    statement = "update users set suspended_at = null where id = %s and suspended_at is not null"
    return connection.execute(statement, [user_id]).rowcount == 1


def delete(connection: Connection[Any], user_id: UUID) -> None:
    """With everything that belongs to them: the tables know what does."""
    connection.execute("delete from users where id = %s", [user_id])
