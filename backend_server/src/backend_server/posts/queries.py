"""Reading posts. Postgres writes the JSON, so that nothing is built per row here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, LiteralString, cast
from uuid import UUID

from psycopg.sql import SQL, Literal

from backend_server.accounts.usernames import key_of
from backend_server.errors import NotFound
from backend_server.page_cache import Page, PageCache, with_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from backend_server.database import Database
    from backend_server.pagination import PageQuery

# One post as the API shows it, of a row of `posts` joined with its author's of `users`.
POST_OBJECT: Final = SQL("""
    json_build_object(
        'id', posts.id,
        'author_id', posts.author_id,
        'author_email', case when users.show_email then users.email end,
        'author_username', users.username,
        'title', posts.title,
        'content', posts.content,
        'created_at', to_char(posts.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'updated_at', to_char(posts.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'language', posts.language,
        'tags', posts.tags,
        'near_copy_of', posts.near_copy_of
    )""")

# One row more than the limit is read, to know whether there is a next page. The limit is a literal:
# only then does Postgres plan for so few rows, and plans once.
_PAGE: Final = SQL("""
    select coalesce(json_agg(post order by id desc) filter (where place <= {limit}), '[]')::text
               as items,
           case when count(*) > {limit} then (array_agg(id order by id desc))[{limit}]::text end
               as last_id
    from (
        select posts.id, row_number() over (order by posts.id desc) as place, {post} as post
        from posts join users on users.id = posts.author_id
        where posts.id < %(before)s and users.suspended_at is null and {condition}
        order by posts.id desc
        limit {limit} + 1
    ) page""")

_ANY: Final = "true"
_BY_AUTHOR: Final = "posts.author_id = (select id from users where username_key = %(username_key)s)"
# Good for whoever follows many: their posts are among the newest of all.
_BY_FOLLOWED_LATELY: Final = """
    posts.id = any(array(
        select recent.id
        from (select id, author_id from posts where id < %(before)s
              order by id desc limit 2000) recent
        where recent.author_id in (
            select author_id from follows join users on users.id = author_id
            where follower_id = %(member_id)s and suspended_at is null)
        order by recent.id desc
        limit {limit} + 1))"""
# Good for whoever follows few: the newest of each, however old they are.
_BY_FOLLOWED: Final = """
    posts.id = any(array(
        select newest.id
        from follows
        join users on users.id = follows.author_id and users.suspended_at is null
        cross join lateral (
            select id from posts where author_id = follows.author_id and id < %(before)s
            order by id desc limit {limit} + 1
        ) newest
        where follows.follower_id = %(member_id)s
        order by newest.id desc
        limit {limit} + 1))"""

_POST: Final = (
    SQL("""
    select {post}::text
    from posts join users on users.id = posts.author_id
    where posts.id = %(post_id)s and users.suspended_at is null""")
    .format(post=POST_OBJECT)
    .as_string()
)

_POSTS_BY_ID: Final = (
    SQL("""
    select posts.id, {post}::text
    from posts join users on users.id = posts.author_id
    where posts.id = any(%(post_ids)s) and users.suspended_at is null""")
    .format(post=POST_OBJECT)
    .as_string()
)

# What a page without `before` starts below: the greatest UUID.
_BEFORE_ALL: Final = UUID(int=2**128 - 1)


def all_posts(database: Database, pages: PageCache, page: PageQuery) -> Page:
    """Newest first, as every page here."""
    parameters = {"before": page.before or _BEFORE_ALL}
    return pages.fetch(database, _page_with_snapshot(_ANY, page.limit), parameters)


def posts_by_author(database: Database, pages: PageCache, page: PageQuery, username: str) -> Page:
    """Raises `NotFound` when there is no such member."""
    parameters = {"before": page.before or _BEFORE_ALL, "username_key": key_of(username)}
    found = pages.fetch(database, _page_with_snapshot(_BY_AUTHOR, page.limit), parameters)
    if found.is_empty and not _is_member(database, username):
        raise NotFound
    return found


def posts_by_followed(connection: Connection[Any], page: PageQuery, member_id: UUID) -> Page:
    """The feed: posts of whom the member follows."""
    lately = _page_by_followed(connection, _BY_FOLLOWED_LATELY, page, member_id)
    if lately.last_id is not None:
        return lately
    return _page_by_followed(connection, _BY_FOLLOWED, page, member_id)


def _page_by_followed(
    connection: Connection[Any], condition: LiteralString, page: PageQuery, member_id: UUID
) -> Page:
    parameters = {"before": page.before or _BEFORE_ALL, "member_id": member_id}
    row = connection.execute(_page(condition, page.limit), parameters).fetchone()
    items, last_id = cast("tuple[str, str | None]", row)
    return Page(items.encode(), last_id)


def post(connection: Connection[Any], post_id: UUID) -> bytes:
    """The post as a JSON object. Raises `NotFound`."""
    row = connection.execute(_POST, {"post_id": post_id}).fetchone()
    if row is None:
        raise NotFound
    json: str = row[0]
    return json.encode()


def posts_by_id(connection: Connection[Any], post_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Those that exist, as JSON objects."""
    rows = connection.execute(_POSTS_BY_ID, {"post_ids": list(post_ids)})
    return {post_id: json.encode() for post_id, json in rows}


def _is_member(database: Database, username: str) -> bool:
    query = "select from users where username_key = %s and suspended_at is null"
    with database.reading() as connection:
        return connection.execute(query, [key_of(username)]).fetchone() is not None


@cache
def _page(condition: LiteralString, limit: int) -> str:
    number = Literal(limit)
    query = _PAGE.format(
        post=POST_OBJECT, condition=SQL(condition).format(limit=number), limit=number
    )
    return query.as_string()


@cache
def _page_with_snapshot(condition: LiteralString, limit: int) -> str:
    return with_snapshot(_page(condition, limit))
