"""Writing posts. A database trigger records each change for heavy_computation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from uuid import UUID

import structlog
from psycopg.sql import SQL

from backend_server.database import psycopg_connection
from backend_server.errors import Busy, NotAllowed, NotFound
from backend_server.jobs import origin_parameter
from backend_server.notifications.use_cases import QUEUE_FAN_OUT
from backend_server.posts import idempotency
from backend_server.posts.announcement import announce_post
from backend_server.posts.idempotency import FirstAnswer, KeyedRequest
from backend_server.posts.model import tags_in
from backend_server.posts.near_copies import original_of
from backend_server.posts.queries import POST_OBJECT

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database
    from backend_server.services import Services

log: Final = structlog.get_logger(__name__)

# The post, its change and its fan-out in one statement: one round trip, and all of it or nothing.
_CREATE: Final = (
    SQL("""
    with posts as (
        insert into posts (author_id, title, content, tags, near_copy_of)
        values (%(author_id)s, %(title)s, %(content)s, %(tags)s,
            -- Locked, so that it is not deleted meanwhile; null if it was already.
            (select id from posts where id = %(original_id)s for key share))
        returning *
    )
    select posts.id, {post}::text, {queue_fan_out}
    from posts join users on users.id = posts.author_id""")
    .format(post=POST_OBJECT, queue_fan_out=QUEUE_FAN_OUT)
    .as_string()
)

_EDIT: Final = (
    SQL("""
    with posts as (
        update posts
        set title = %(title)s, content = %(content)s, tags = %(tags)s, updated_at = now()
        where id = %(post_id)s
        returning *
    )
    select {post}::text
    from posts join users on users.id = posts.author_id""")
    .format(post=POST_OBJECT)
    .as_string()
)

_LOCK: Final = "select author_id, title, content from posts where id = %s for update"
_DELETE: Final = "delete from posts where id = %s"


class NewPostText(NamedTuple):
    title: str
    content: str


class CreatedPost(NamedTuple):
    id: UUID
    # As a JSON object.
    json: bytes


def create_post(
    services: Services,
    author_id: UUID,
    text: NewPostText,
    *,
    allow_duplicate: bool = True,
    key: str | None = None,
) -> CreatedPost:
    """Write the post and queue the mail to its readers, both or neither.

    Under a `key` of the author's own it is written once, however often it is asked for.
    Raises `KeyReused`, or `NearCopyOfOwnPost` unless `allow_duplicate`.
    """
    request = idempotency.keyed_request(author_id, key, *text) if key else None
    if request and (first := _first_answer(services.database, request)):
        return first
    original_id = original_of(
        services.heavy_computation, author_id, *text, allow_duplicate=allow_duplicate
    )
    parameters = {
        "author_id": author_id,
        **text._asdict(),
        "tags": tags_in(*text),
        "original_id": original_id,
        "origin": origin_parameter(),
    }
    if request:
        post = _create_once(services.database, request, parameters)
    else:
        with services.database.statement() as connection:
            post = _create(connection, parameters)
    announce_post(services.database)
    return post


def _create(connection: Connection[Any], parameters: dict[str, Any]) -> CreatedPost:
    row = connection.execute(_CREATE, parameters).fetchone()
    post_id, json, _job_ids = cast("tuple[UUID, str, list[int]]", row)
    return CreatedPost(post_id, json.encode())


def _create_once(
    database: Database, request: KeyedRequest, parameters: dict[str, Any]
) -> CreatedPost:
    with database.transaction() as session:
        connection = psycopg_connection(session)
        if idempotency.take(connection, request):
            post = _create(connection, parameters)
            idempotency.keep(connection, request, FirstAnswer(post.id, post.json.decode()))
            session.commit()
            return post
    # Somebody sent the same at the same moment, and has committed meanwhile.
    first = _first_answer(database, request)
    if first is None:
        raise Busy
    return first


def _first_answer(database: Database, request: KeyedRequest) -> CreatedPost | None:
    with database.reading() as connection:
        first = idempotency.find_first_answer(connection, request)
    return first and CreatedPost(first.post_id, first.json.encode())


def edit_post(
    database: Database, member_id: UUID, post_id: UUID, title: str | None, content: str | None
) -> bytes:
    """Change what is not None. Returns the post as a JSON object.

    Raises `NotFound`, or `NotAllowed` when it is another member's.
    """
    with database.transaction() as session:
        connection = psycopg_connection(session)
        written = _lock(connection, post_id, member_id)
        title = written.title if title is None else title
        content = written.content if content is None else content
        parameters = {
            "post_id": post_id,
            "title": title,
            "content": content,
            "tags": tags_in(title, content),
        }
        (json,) = cast("tuple[str]", connection.execute(_EDIT, parameters).fetchone())
        session.commit()
    announce_post(database)
    return json.encode()


def delete_post(database: Database, member_id: UUID, post_id: UUID) -> None:
    """Raises `NotFound`, or `NotAllowed` when it is another member's."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        _lock(connection, post_id, member_id)
        connection.execute(_DELETE, [post_id])
        session.commit()
    announce_post(database)


def delete_any_post(database: Database, post_id: UUID) -> None:
    """For an operator. Raises `NotFound`."""
    with database.transaction() as session:
        if psycopg_connection(session).execute(_DELETE, [post_id]).rowcount == 0:
            raise NotFound
        session.commit()
    log.info("post_deleted_by_operator", post_id=str(post_id))
    announce_post(database)


class _WrittenPost(NamedTuple):
    author_id: UUID
    title: str
    content: str


def _lock(connection: Connection[Any], post_id: UUID, member_id: UUID) -> _WrittenPost:
    row = connection.execute(_LOCK, [post_id]).fetchone()
    if row is None:
        raise NotFound
    post = _WrittenPost(*row)
    if post.author_id != member_id:
        raise NotAllowed
    return post
