"""Which posts are news to a reader of digests, and which of them the digest shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from backend_server.notifications.model import AnnouncedPost

if TYPE_CHECKING:
    from psycopg import Connection

# What the mailer takes; together they stay below the size at which Gmail cuts a mail off.
MOST_POSTS_IN_A_DIGEST: Final = 20
# Of so many of the newest the best are chosen; the others are only counted.
MOST_CANDIDATES: Final = 200
# The clock that made a post's id, and the one that its transaction began by, may differ so much.
CLOCK_DIFFERENCE: Final = timedelta(minutes=5)

# Of those followed for the digest, what they wrote since then and after the reader came, but
# nothing that the reader has opened, or was told of by another mail.
_NEWS: Final = """
    select reader.member_id, post.id, post.author_id, post.of_all
    from unnest(%(member_ids)s::uuid[], %(sinces)s::timestamptz[], %(first_ids)s::uuid[])
         as reader (member_id, since, first_id)
    cross join lateral (
        select posts.id, posts.author_id, count(*) over () as of_all
        from follows
        join users authors on authors.id = follows.author_id and authors.suspended_at is null
        join posts on posts.author_id = follows.author_id and posts.id >= reader.first_id
        where follows.follower_id = reader.member_id and follows.mail = 'digest'
          and posts.created_at > greatest(reader.since, follows.created_at)
          and posts.created_at <= %(until)s
          and not exists (select from opened_posts
                          where member_id = reader.member_id and post_id = posts.id)
          and not exists (select from deliveries
                          where member_id = reader.member_id and post_id = posts.id
                            and state <> 'skipped')
        order by posts.id desc
        limit %(limit)s
    ) post"""

_POSTS: Final = """
    select posts.id, posts.title, posts.content, posts.created_at, posts.author_id,
           users.username as author_username
    from posts join users on users.id = posts.author_id
    where posts.id = any(%s)"""


class Since(NamedTuple):
    """What a reader has been told of: everything until then."""

    member_id: UUID
    moment: datetime


class Candidate(NamedTuple):
    id: UUID
    author_id: UUID


class News(NamedTuple):
    """For one reader: the posts to show, best first, and how many there are beyond them."""

    post_ids: list[UUID]
    more: int


def news_for(
    connection: Connection[Any], readers: Sequence[Since], until: datetime
) -> dict[UUID, News]:
    """Member → their news, for those who have any."""
    parameters = {
        "member_ids": [each.member_id for each in readers],
        "sinces": [each.moment for each in readers],
        "first_ids": [_first_id_after(each.moment - CLOCK_DIFFERENCE) for each in readers],
        "until": until,
        "limit": MOST_CANDIDATES,
    }
    candidates: dict[UUID, list[Candidate]] = {}
    of_all: dict[UUID, int] = {}
    for member_id, post_id, author_id, count in connection.execute(_NEWS, parameters):
        candidates.setdefault(member_id, []).append(Candidate(post_id, author_id))
        of_all[member_id] = count
    return {member_id: _news(found, of_all[member_id]) for member_id, found in candidates.items()}


def posts_of(connection: Connection[Any], post_ids: Sequence[UUID]) -> dict[UUID, AnnouncedPost]:
    with connection.cursor(row_factory=class_row(AnnouncedPost)) as cursor:
        return {post.id: post for post in cursor.execute(_POSTS, [list(post_ids)])}


def best_first(candidates: Sequence[Candidate]) -> list[UUID]:
    """Newest first. The one place that decides what a digest begins with."""
    return sorted((each.id for each in candidates), reverse=True)


def _news(candidates: Sequence[Candidate], of_all: int) -> News:
    shown = best_first(candidates)[:MOST_POSTS_IN_A_DIGEST]
    return News(shown, of_all - len(shown))


def _first_id_after(moment: datetime) -> UUID:
    """The least UUIDv7 of that millisecond (RFC 9562): ids of posts come in the order of time."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
