"""Following. A database trigger records each change for heavy_computation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from backend_server.accounts.usernames import key_of
from backend_server.database import psycopg_connection
from backend_server.errors import Conflict, NotFound

if TYPE_CHECKING:
    from psycopg import Cursor

    from backend_server.database import Database

Mail = Literal["immediate", "digest", "none"]

_FIND_AUTHOR: Final = "select id from users where username_key = %s and suspended_at is null"
# To leave somebody who is suspended, too.
_FIND_FOLLOWED: Final = """
    select users.id from users
    left join follows on author_id = users.id and follower_id = %(follower_id)s
    where username_key = %(username_key)s and (suspended_at is null or author_id is not null)"""

# The same choice once more is no change.
_FOLLOW: Final = """
    insert into follows (follower_id, author_id, mail)
    values (%(follower_id)s, %(author_id)s, %(mail)s)
    on conflict (follower_id, author_id) do update set mail = excluded.mail
    where follows.mail <> excluded.mail"""

_UNFOLLOW: Final = "delete from follows where follower_id = %s and author_id = %s"


class FollowingOneself(Conflict):
    """You cannot follow yourself."""

    code = "following_oneself"


def follow(database: Database, follower_id: UUID, username: str, mail: Mail) -> None:
    """Follow, or choose another mail. Raises `NotFound` or `FollowingOneself`."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        author_id = _found(connection.execute(_FIND_AUTHOR, [key_of(username)]))
        if author_id == follower_id:
            raise FollowingOneself(fields={"username": ["You cannot follow yourself."]})
        parameters = {"follower_id": follower_id, "author_id": author_id, "mail": mail}
        connection.execute(_FOLLOW, parameters)
        session.commit()


def unfollow(database: Database, follower_id: UUID, username: str) -> None:
    """Not following afterwards, whether or not before. Raises `NotFound`."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        followed = {"follower_id": follower_id, "username_key": key_of(username)}
        author_id = _found(connection.execute(_FIND_FOLLOWED, followed))
        connection.execute(_UNFOLLOW, [follower_id, author_id])
        session.commit()


def _found(cursor: Cursor[Any]) -> UUID:
    row = cursor.fetchone()
    if row is None:
        raise NotFound
    author_id: UUID = row[0]
    return author_id
