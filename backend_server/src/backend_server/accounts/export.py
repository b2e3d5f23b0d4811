"""All that is kept about a member, as JSON (GDPR, article 20).

Read and sent page by page: neither memory, nor disk, nor a slow reader limits how much it may be,
and no transaction stays open for one. Each page is as it was when it was read. What breaks off is
not JSON, so nobody takes a part for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, LiteralString, NamedTuple
from uuid import UUID

import orjson
from psycopg.sql import SQL, Composed
from pydantic import BaseModel

from backend_server.services import Services
from backend_server.sessions.use_cases import sessions_of_member

if TYPE_CHECKING:
    from psycopg import Connection

ROWS_AT_ONCE: Final = 500


class _Part(NamedTuple):
    # Of each object.
    columns: LiteralString
    # With the condition that a row is about the member.
    rows: LiteralString
    # In whose order the rows come; of each row another.
    key: LiteralString


_PARTS: Final[Mapping[str, _Part]] = {
    "account": _Part(
        "id, username, email, email_confirmed_at, bio, show_email, language, suspended_at,"
        " created_at, updated_at",
        "users where id = %(user_id)s",
        "id",
    ),
    "posts": _Part(
        "id, title, content, language, tags, near_copy_of, created_at, updated_at",
        "posts where author_id = %(user_id)s",
        "id",
    ),
    "following": _Part(
        "username, mail, follows.created_at",
        "follows join users on users.id = author_id where follower_id = %(user_id)s",
        "author_id",
    ),
    "followers": _Part(
        "username, follows.created_at",
        "follows join users on users.id = follower_id where author_id = %(user_id)s",
        "follower_id",
    ),
    "notification_preferences": _Part(
        "to_jsonb(notification_preferences) - 'user_id' as preferences",
        "notification_preferences where user_id = %(user_id)s",
        "user_id",
    ),
    "mails": _Part(
        "post_id, email, state, updated_at",
        "deliveries where member_id = %(user_id)s",
        "chunk_id",
    ),
    "opened_posts": _Part(
        "post_id, opened_at",
        "opened_posts where member_id = %(user_id)s",
        "post_id",
    ),
    "digests": _Part(
        "next_at, last_at, news_since",
        "digests where member_id = %(user_id)s",
        "member_id",
    ),
    "mail_events": _Part(
        "kind, happened_at, reason",
        "mail_events where email_key = (select email_key from users where id = %(user_id)s)",
        "event_id || '/' || place",
    ),
    "suppressed_addresses": _Part(
        "email_key as email, reason, until, created_at",
        "suppressed_addresses where email_key ="
        " (select email_key from users where id = %(user_id)s)",
        "email_key",
    ),
    "email_confirmations": _Part(
        "email, expires_at, used_at, created_at",
        "email_confirmations where user_id = %(user_id)s",
        "id",
    ),
    "password_resets": _Part(
        "tries_left, expires_at, used_at, created_at",
        "password_resets where user_id = %(user_id)s",
        "user_id",
    ),
    "reset_codes_issued": _Part(
        "issued_at",
        "reset_codes_issued where user_id = %(user_id)s",
        "job_id",
    ),
    "reset_attempts": _Part(
        "client_network, attempted_at",
        "reset_attempts where user_id = %(user_id)s",
        "id",
    ),
    "known_browsers": _Part(
        "browser, first_seen_at, last_seen_at",
        "known_browsers where user_id = %(user_id)s",
        "browser",
    ),
    "idempotency_keys": _Part(
        "key, post_id, created_at",
        "idempotency_keys where member_id = %(user_id)s",
        "key",
    ),
}

_FIRST_PAGE: Final = SQL("""
    select (select to_json(part) from (select {columns}) part)::text, {key}::text
    from {rows}
    order by {key}
    limit {limit}""")
_NEXT_PAGE: Final = SQL("""
    select (select to_json(part) from (select {columns}) part)::text, {key}::text
    from {rows} and {key} > %(after)s
    order by {key}
    limit {limit}""")


class Export(BaseModel):
    """Each part is a list of objects."""

    account: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    following: list[dict[str, Any]]
    followers: list[dict[str, Any]]
    notification_preferences: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    opened_posts: list[dict[str, Any]]
    digests: list[dict[str, Any]]
    mail_events: list[dict[str, Any]]
    suppressed_addresses: list[dict[str, Any]]
    email_confirmations: list[dict[str, Any]]
    password_resets: list[dict[str, Any]]
    reset_codes_issued: list[dict[str, Any]]
    reset_attempts: list[dict[str, Any]]
    known_browsers: list[dict[str, Any]]
    idempotency_keys: list[dict[str, Any]]
    sessions: list[dict[str, Any]]


def export_member(services: Services, user_id: UUID) -> Iterator[bytes]:
    """Raises `PartUnavailable` at once when what it needs does not answer."""
    sessions = orjson.dumps(sessions_of_member(services, user_id), option=orjson.OPT_UTC_Z)
    parts = _parts(services, user_id)
    first_page = [next(parts), next(parts)]
    return chain([b'{"sessions":', sessions, *first_page], parts, [b"}"])


def _parts(services: Services, user_id: UUID) -> Iterator[bytes]:
    for name, part in _PARTS.items():
        yield b",%b:[" % orjson.dumps(name)
        separator = b""
        for page in _pages(services, part, user_id):
            yield separator + b",".join(page)
            separator = b","
        yield b"]"


def _pages(services: Services, part: _Part, user_id: UUID) -> Iterator[list[bytes]]:
    """Objects as JSON; no page is empty."""
    query, after = _query(_FIRST_PAGE, part), None
    while True:
        with services.database.reading() as connection:
            page = _rows(connection, query, {"user_id": user_id, "after": after})
        if page:
            yield [json.encode() for json, _ in page]
        if len(page) < ROWS_AT_ONCE:
            return
        query, after = _query(_NEXT_PAGE, part), page[-1][1]


def _rows(
    connection: Connection[Any], query: Composed, parameters: Mapping[str, object]
) -> list[tuple[str, str]]:
    return connection.execute(query, parameters).fetchall()


def _query(page: SQL, part: _Part) -> Composed:
    return page.format(
        columns=SQL(part.columns), rows=SQL(part.rows), key=SQL(part.key), limit=ROWS_AT_ONCE
    )
