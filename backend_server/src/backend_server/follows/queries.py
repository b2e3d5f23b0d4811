"""Who follows whom. Postgres writes the JSON, so that nothing is built per row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, LiteralString, cast
from uuid import UUID

from psycopg.sql import SQL

from backend_server.accounts.usernames import key_of
from backend_server.errors import NotFound
from backend_server.page_cache import Page

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.pagination import PageQuery

_FIND_MEMBER: Final = "select id from users where username_key = %s and suspended_at is null"

# One row more than the limit is read, to know whether there is a next page.
_PAGE: Final = SQL("""
    select coalesce(json_agg(member order by id desc) filter (where place <= %(limit)s), '[]')
               ::text,
           case when count(*) > %(limit)s then (array_agg(id order by id desc))[%(limit)s]::text end
    from (
        select users.id, row_number() over (order by users.id desc) as place,
               json_build_object('id', users.id, 'username', users.username, 'bio', users.bio)
                   as member
        from follows join users on users.id = follows.{other}
        where follows.{member} = %(member_id)s and follows.{other} < %(before)s
          and users.suspended_at is null
        order by follows.{other} desc
        limit %(limit)s + 1
    ) page""")

_BEFORE_ALL: Final = UUID(int=2**128 - 1)


def followers(connection: Connection[Any], username: str, page: PageQuery) -> Page:
    """Who joined last first, as in every list. Raises `NotFound`."""
    return _page(connection, username, page, member="author_id", other="follower_id")


def following(connection: Connection[Any], username: str, page: PageQuery) -> Page:
    """Raises `NotFound`."""
    return _page(connection, username, page, member="follower_id", other="author_id")


def _page(
    connection: Connection[Any],
    username: str,
    page: PageQuery,
    *,
    member: LiteralString,
    other: LiteralString,
) -> Page:
    found = connection.execute(_FIND_MEMBER, [key_of(username)]).fetchone()
    if found is None:
        raise NotFound
    query = _PAGE.format(member=SQL(member), other=SQL(other))
    parameters = {
        "member_id": found[0],
        "before": page.before or _BEFORE_ALL,
        "limit": page.limit,
    }
    row = connection.execute(query, parameters).fetchone()
    items, last_id = cast("tuple[str, str | None]", row)
    return Page(items.encode(), last_id)
