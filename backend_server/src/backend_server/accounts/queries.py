"""Reading members: one named query each, returning a typed row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from backend_server.accounts import usernames

# Who the caller is.
_FIND_ACCOUNT: Final = """
    select id, username, email, email_confirmed_at is not null as email_confirmed, language
    from users where id = %s
"""

# What the member can change of it.
_FIND_OWN_PROFILE: Final = """
    select id, username, email, email_confirmed_at is not null as email_confirmed,
           (select email from email_confirmations
            where user_id = users.id and used_at is null and expires_at > now()
              and email <> users.email
            order by created_at desc limit 1) as pending_email,
           bio, show_email, language, created_at
    from users where id = %s
"""

# By name, so that a page costs the same wherever it is.
_LIST_MEMBERS: Final = """
    select id, username, bio, created_at
    from users
    where suspended_at is null
      and username_key collate "C" >= %(prefix)s and username_key collate "C" < %(end)s
      and username_key collate "C" > %(after)s
    order by username_key collate "C"
    limit %(limit)s
"""
# Nothing that begins with the prefix comes after it.
_LAST_CHARACTER: Final = "\U0010ffff"

# What others see of a member, and how the caller follows them. Those whom the lists leave out are
# subtracted: they are few, and the others need no look at each.
_FIND_PROFILE: Final = """
    select users.id, users.username, case when users.show_email then users.email end as email,
           users.bio, users.created_at,
           (select count(*) from posts where author_id = users.id) as posts,
           (select count(*) from follows where author_id = users.id)
               - (select count(*) from follows join users suspended on suspended.id = follower_id
                  where author_id = users.id and suspended.suspended_at is not null) as followers,
           (select count(*) from follows where follower_id = users.id)
               - (select count(*) from follows join users suspended on suspended.id = author_id
                  where follower_id = users.id and suspended.suspended_at is not null) as following,
           follows.mail
    from users
    left join follows on follows.author_id = users.id and follows.follower_id = %(caller_id)s
    where users.username_key = %(username_key)s and users.suspended_at is null
"""


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    username: str
    email: str
    email_confirmed: bool
    language: str


@dataclass(frozen=True, slots=True)
class OwnProfile:
    id: UUID
    username: str
    email: str
    email_confirmed: bool
    # Asked for, but not confirmed yet.
    pending_email: str | None
    bio: str
    show_email: bool
    language: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListedMember:
    id: UUID
    username: str
    bio: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    id: UUID
    username: str
    email: str | None
    bio: str
    created_at: datetime
    posts: int
    followers: int
    following: int
    # How the caller gets mail about this author; None when not following, or nobody is signed in.
    mail: Literal["immediate", "digest", "none"] | None


def find_account(connection: Connection[Any], user_id: UUID) -> Account | None:
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute(_FIND_ACCOUNT, [user_id]).fetchone()


def find_own_profile(connection: Connection[Any], user_id: UUID) -> OwnProfile | None:
    with connection.cursor(row_factory=class_row(OwnProfile)) as cursor:
        return cursor.execute(_FIND_OWN_PROFILE, [user_id]).fetchone()


def find_profile(
    connection: Connection[Any], username: str, caller_id: UUID | None
) -> Profile | None:
    keys = {"username_key": usernames.key_of(username), "caller_id": caller_id}
    with connection.cursor(row_factory=class_row(Profile)) as cursor:
        return cursor.execute(_FIND_PROFILE, keys).fetchone()


def list_members(
    connection: Connection[Any], *, prefix: str, after: str, limit: int
) -> list[ListedMember]:
    """Whose names begin with the prefix, in any case, and come after a name; one more than asked.

    The one too many tells that there is a next page.
    """
    key = usernames.key_of(prefix)
    parameters = {
        "prefix": key,
        "end": key + _LAST_CHARACTER,
        "after": usernames.key_of(after),
        "limit": limit + 1,
    }
    with connection.cursor(row_factory=class_row(ListedMember)) as cursor:
        return cursor.execute(_LIST_MEMBERS, parameters).fetchall()
