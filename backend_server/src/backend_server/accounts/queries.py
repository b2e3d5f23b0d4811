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

# What others see of a member, and how the caller follows them.
_FIND_PROFILE: Final = """
    select users.id, users.username, case when users.show_email then users.email end as email,
           users.bio, users.created_at,
           (select count(*) from posts where author_id = users.id) as posts,
           (select count(*) from follows where author_id = users.id) as followers,
           (select count(*) from follows where follower_id = users.id) as following,
           follows.mail
    from users
    left join follows on follows.author_id = users.id and follows.follower_id = %(caller_id)s
    where users.username_key = %(username_key)s
"""


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    username: str
    email: str
    email_confirmed: bool
    language: str


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


def find_profile(
    connection: Connection[Any], username: str, caller_id: UUID | None
) -> Profile | None:
    keys = {"username_key": usernames.key_of(username), "caller_id": caller_id}
    with connection.cursor(row_factory=class_row(Profile)) as cursor:
        return cursor.execute(_FIND_PROFILE, keys).fetchone()
