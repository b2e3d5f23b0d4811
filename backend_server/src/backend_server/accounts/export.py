"""All that is kept about a member, as JSON (GDPR, article 20).

Written to a file first, row by row: neither memory nor a slow reader limits how much it may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from psycopg.sql import SQL
from pydantic import BaseModel

from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions.use_cases import sessions_of_member

if TYPE_CHECKING:
    from psycopg import Connection

ROWS_AT_ONCE: Final = 500
BYTES_IN_A_PIECE: Final = 64 * 1024
LONGEST_EXPORT_MILLISECONDS: Final = 60_000

# Part → the query whose rows are its objects.
_PARTS: Final = {
    "account": """
        select id, username, email, email_confirmed_at, bio, show_email, language, created_at,
               updated_at
        from users where id = %(user_id)s""",
    "posts": """
        select id, title, content, language, tags, created_at, updated_at
        from posts where author_id = %(user_id)s order by id""",
    "following": """
        select users.username, follows.mail, follows.created_at
        from follows join users on users.id = follows.author_id
        where follower_id = %(user_id)s order by follows.author_id""",
    "followers": """
        select users.username, follows.created_at
        from follows join users on users.id = follows.follower_id
        where author_id = %(user_id)s order by follows.follower_id""",
    "notification_preferences": """
        select to_jsonb(notification_preferences) - 'user_id' as preferences
        from notification_preferences where user_id = %(user_id)s""",
    "mails": """
        select post_id, email, state, updated_at
        from deliveries where member_id = %(user_id)s order by post_id""",
}


class Export(BaseModel):
    """Each part is a list of objects."""

    account: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    following: list[dict[str, Any]]
    followers: list[dict[str, Any]]
    notification_preferences: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    sessions: list[dict[str, Any]]


def write_export(services: Services, user_id: UUID) -> IO[bytes]:
    """All parts as they were at one moment; to be read from its beginning."""
    file = TemporaryFile()  # noqa: SIM115 - who reads it closes it
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute(f"set local statement_timeout = {LONGEST_EXPORT_MILLISECONDS}")
        for number, part in enumerate(_PARTS):
            file.write(b"%b%b:[" % (b"," if number else b"{", orjson.dumps(part)))
            for piece in _objects(connection, part, user_id):
                file.write(piece)
            file.write(b"]")
    sessions = orjson.dumps(sessions_of_member(services, user_id), option=orjson.OPT_UTC_Z)
    file.write(b',"sessions":%b}' % sessions)
    file.seek(0)
    return file


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The whole file, which is then closed."""
    with file:
        while piece := file.read(BYTES_IN_A_PIECE):
            yield piece


def _objects(connection: Connection[Any], part: str, user_id: UUID) -> Iterator[bytes]:
    """With commas in between."""
    query = SQL("select to_json(part)::text from ({}) part").format(SQL(_PARTS[part]))
    with connection.cursor(name=f"export_{part}") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(query, {"user_id": user_id})
        for number, (json,) in enumerate(cursor):
            yield (b"," if number else b"") + json.encode()
