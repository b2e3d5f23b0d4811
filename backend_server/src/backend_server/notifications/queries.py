"""Who is told of a post, and how far telling them has got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from psycopg.sql import SQL

from backend_server.notifications.model import AnnouncedPost, Reader

if TYPE_CHECKING:
    from psycopg import Connection

# Two runs of the same fan-out take turns here, and the post cannot be deleted in between.
_LOCK_POST: Final = """
    select posts.id, posts.title, posts.content, posts.created_at, posts.author_id,
           users.username as author_username
    from posts join users on users.id = posts.author_id
    where posts.id = %s and users.suspended_at is null
    for no key update of posts"""

# A worker of an older version does not write down who is the last in a chunk.
_PROGRESS: Final = """
    select number,
           coalesce(last_member_id, (select member_id from deliveries
                                     where chunk_id = delivery_chunks.id
                                     order by member_id desc limit 1))
    from delivery_chunks
    where post_id = %(post_id)s and kind = 'new_post'
    order by number desc
    limit 1"""
_IS_MENTION_TOLD: Final = """
    select exists (select from delivery_chunks where post_id = %s and kind = 'mention')"""

# A look-up for each, as the limit makes it: a join would read all who may still be told, and sort
# them, for every page of them.
_REACHED: Final = SQL("""
    cross join lateral (
        select users.email, users.username, users.language
        from users
        left join notification_preferences preferences on preferences.user_id = users.id
        where users.id = told.member_id
          and users.email_confirmed_at is not null
          and users.suspended_at is null
          and users.created_at <= %(created_at)s
          and preferences.notify_about is distinct from 'nobody'
          and (preferences.paused_until is null or preferences.paused_until <= now())
          and not exists (select from suppressed_addresses
                          where email_key = users.email_key and (until is null or until > now()))
          -- The post names them: that is another mail.
          and not exists (select from deliveries
                          where post_id = %(post_id)s and member_id = users.id)
        limit 1
    ) reached""")

# Followers who want mail at once, and members who want it about everyone and do not follow the
# author; those who joined after the post are not told of it.
# Each half comes in the order of its index, so that a page reads little more than itself.
_NEXT_READERS: Final = SQL("""
    (select told.member_id, reached.*
    from (
        select follower_id as member_id
        from follows
        where author_id = %(author_id)s and mail = 'immediate' and created_at <= %(created_at)s
          and follower_id > %(after)s
    ) told
    {reached}
    order by told.member_id
    limit %(limit)s)
    union all
    (select told.member_id, reached.*
    from (
        select user_id as member_id
        from notification_preferences
        where notify_about = 'everyone' and user_id > %(after)s and user_id <> %(author_id)s
          -- Asked for each, as above.
          and not (select exists (select from follows
                                  where follower_id = user_id and author_id = %(author_id)s))
    ) told
    {reached}
    order by told.member_id
    limit %(limit)s)
    order by member_id
    limit %(limit)s""").format(reached=_REACHED)

BEFORE_ALL: Final = UUID(int=0)


class Progress(NamedTuple):
    next_number: int
    # The last reader in a chunk; readers are told in the order of their ids.
    last_member_id: UUID


def lock_post(connection: Connection[Any], post_id: UUID) -> AnnouncedPost | None:
    """Until the transaction ends. None when the post is gone, or its author suspended."""
    with connection.cursor(row_factory=class_row(AnnouncedPost)) as cursor:
        return cursor.execute(_LOCK_POST, [post_id]).fetchone()


def progress_of(connection: Connection[Any], post_id: UUID) -> Progress:
    row = connection.execute(_PROGRESS, {"post_id": post_id}).fetchone()
    if row is None:
        return Progress(0, BEFORE_ALL)
    last_number, last_member_id = row
    return Progress(last_number + 1, last_member_id or BEFORE_ALL)


def is_mention_told(connection: Connection[Any], post_id: UUID) -> bool:
    """Whether those whom the post names are in a chunk."""
    row = connection.execute(_IS_MENTION_TOLD, [post_id]).fetchone()
    return bool(row and row[0])


def next_readers(
    connection: Connection[Any], post: AnnouncedPost, after: UUID, limit: int
) -> list[Reader]:
    parameters = {
        "post_id": post.id,
        "author_id": post.author_id,
        "created_at": post.created_at,
        "after": after,
        "limit": limit,
    }
    with connection.cursor(row_factory=class_row(Reader)) as cursor:
        return cursor.execute(_NEXT_READERS, parameters).fetchall()
