"""Following. A database trigger records each change for heavy_computation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from backend_server.accounts.usernames import key_of
from backend_server.database import psycopg_connection
from backend_server.errors import Conflict, NotFound

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

Mail = Literal["immediate", "digest", "none"]

_FIND_AUTHOR: Final = "select id from users where username_key = %s and suspended_at is null"

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
        author_id = _find_author(connection, username)
        if author_id == follower_id:
            raise FollowingOneself(fields={"username": ["You cannot follow yourself."]})
        parameters = {"follower_id": follower_id, "author_id": author_id, "mail": mail}
        connection.execute(_FOLLOW, parameters)
        session.commit()


def unfollow(database: Database, follower_id: UUID, username: str) -> None:
    """Not following afterwards, whether or not before. Raises `NotFound`."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        connection.execute(_UNFOLLOW, [follower_id, _find_author(connection, username)])
        session.commit()


def _find_author(connection: Connection[Any], username: str) -> UUID:
    row = connection.execute(_FIND_AUTHOR, [key_of(username)]).fetchone()
    if row is None:
        raise NotFound
    author_id: UUID = row[0]
    return author_id
