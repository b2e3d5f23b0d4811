"""What Postgres can answer of discovery: bounded looks at the newest posts.

An index over the words would answer for all posts, but makes writing a post half as slow again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from psycopg.sql import SQL, Literal

from backend_server.accounts.usernames import key_of
from backend_server.posts.queries import POST_OBJECT

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.discovery.query_language import ParsedQuery

# 14 ms with two words.
NEWEST_POSTS_SEARCHED: Final = 10_000
# Of one look, however many patterns it has.
LONGEST_LOOK_MILLISECONDS: Final = 500

_LIMIT_TIME: Final = "select set_config('statement_timeout', %s, true)"

_MATCHING: Final = (
    SQL("""
    select posts.id, posts.title, posts.content, {post}::text
    from (select * from posts where id < %(before_id)s order by id desc limit {searched}) posts
    join users on users.id = posts.author_id
    where users.suspended_at is null
        and posts.title || ' ' || posts.content ~* all(%(patterns)s::text[])
        and not posts.title || ' ' || posts.content ~* any(%(excluded_patterns)s::text[])
        and (%(authors)s::text[] = '{{}}' or users.username_key = any(%(authors)s))
        and not users.username_key = any(%(excluded_authors)s::text[])
        and posts.tags @> %(tags)s::text[]
        and not posts.tags && %(excluded_tags)s::text[]
        -- One that is not known may be this one.
        and (%(languages)s::text[] = '{{}}' or coalesce(posts.language = any(%(languages)s), true))
        and coalesce(posts.language <> all(%(excluded_languages)s::text[]), true)
        and posts.created_at < coalesce(%(before)s::timestamptz, 'infinity')
        and posts.created_at >= coalesce(%(after)s::timestamptz, '-infinity')
    order by posts.id desc
    limit %(limit)s""")
    .format(post=POST_OBJECT, searched=Literal(NEWEST_POSTS_SEARCHED))
    .as_string()
)

_SHARING_A_TAG: Final = (
    SQL("""
    select posts.id, {post}::text
    from (select * from posts order by id desc limit {searched}) posts
    join users on users.id = posts.author_id
    where posts.tags && (select tags from posts where id = %(post_id)s) and posts.id <> %(post_id)s
        and users.suspended_at is null
    order by posts.id desc
    limit %(limit)s""")
    .format(post=POST_OBJECT, searched=Literal(NEWEST_POSTS_SEARCHED))
    .as_string()
)


class MatchingPost(NamedTuple):
    id: UUID
    title: str
    content: str
    # As a JSON object.
    json: str


def newest_matching(
    connection: Connection[Any], query: ParsedQuery, before_id: UUID, limit: int
) -> list[MatchingPost]:
    """Newest first, of the newest `NEWEST_POSTS_SEARCHED` older than `before_id`."""
    parameters = {
        "before_id": before_id,
        "patterns": [rf"\m{pattern}" for pattern in query.patterns],
        "excluded_patterns": [rf"\m{pattern}" for pattern in query.excluded_patterns],
        "authors": [key_of(author) for author in query.authors],
        "excluded_authors": [key_of(author) for author in query.excluded_authors],
        "tags": query.tags,
        "excluded_tags": query.excluded_tags,
        "languages": query.languages,
        "excluded_languages": query.excluded_languages,
        "before": query.before,
        "after": query.after,
        "limit": limit,
    }
    with connection.transaction():
        connection.execute(_LIMIT_TIME, [str(LONGEST_LOOK_MILLISECONDS)])
        rows = connection.execute(_MATCHING, parameters).fetchall()
    return [MatchingPost(*row) for row in rows]


def newest_sharing_a_tag(
    connection: Connection[Any], post_id: UUID, limit: int
) -> dict[UUID, bytes]:
    """JSON objects of other posts, newest first."""
    with connection.transaction():
        connection.execute(_LIMIT_TIME, [str(LONGEST_LOOK_MILLISECONDS)])
        rows = connection.execute(_SHARING_A_TAG, {"post_id": post_id, "limit": limit}).fetchall()
    return {post_id: json.encode() for post_id, json in rows}
