"""Who gets a digest now: each reader once a day, at their time, by the clocks of their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from backend_server.database import psycopg_connection
from backend_server.notifications.digest_posts import News, Since, news_for
from backend_server.notifications.fan_out import queue_deliveries
from backend_server.notifications.model import MOST_RECIPIENTS

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

WRITE_DIGESTS: Final = "notifications.write_digests"

# Bounds each transaction, and what is done again after a crash.
READERS_AT_ONCE: Final = 5 * MOST_RECIPIENTS
# What the mailer takes in one call, of all its readers together.
MOST_POSTS_IN_A_CHUNK: Final = 1_000
# Longer than it takes to write a post: one that is visible only later belongs to the next digest.
SETTLING: Final = timedelta(seconds=30)

# Taken by who claims it, and theirs alone: the next digest only ever moves on to a later day, by
# whatever clock. After an outage there is one digest, of all that was missed.
_CLAIM_DUE: Final = """
    with due as (
        select member_id, next_at, news_since from digests
        where next_at <= now()
        order by next_at, member_id
        limit %(limit)s
        for update skip locked
    )
    update digests
    set next_at = next_digest_at(coalesce(digest_time, '08:00'), coalesce(time_zone, 'UTC'),
                                 greatest(now(), due.next_at)),
        last_at = now(),
        news_since = greatest(due.news_since, now() - %(settling)s)
    from due
    left join notification_preferences on user_id = due.member_id
    where digests.member_id = due.member_id
    returning due.member_id, due.next_at as due_at, due.news_since,
              now() - %(settling)s as news_until"""

# Who should not get it now does not hear of these posts later either.
_REACHABLE: Final = """
    select users.id, users.email
    from users
    left join notification_preferences preferences on preferences.user_id = users.id
    where users.id = any(%s)
      and users.email_confirmed_at is not null
      and users.suspended_at is null
      and preferences.notify_about is distinct from 'nobody'
      and (preferences.paused_until is null or preferences.paused_until <= now())
      and not exists (select from suppressed_addresses
                      where email_key = users.email_key and (until is null or until > now()))"""

_WRITE_CHUNK: Final = """
    insert into delivery_chunks (kind, number, idempotency_key)
    values ('digest', 0, %s)
    returning id"""

_WRITE_DELIVERIES: Final = """
    insert into deliveries (chunk_id, place, member_id, email, news_since)
    select %(chunk_id)s, place - 1, member_id, email, news_since
    from unnest(%(member_ids)s::uuid[], %(emails)s::text[], %(sinces)s::timestamptz[])
         with ordinality as reader (member_id, email, news_since, place)"""


class Due(NamedTuple):
    """A digest that is to be written, about what came after `news_since` until `news_until`."""

    member_id: UUID
    due_at: datetime
    news_since: datetime
    news_until: datetime


class DigestReader(NamedTuple):
    due: Due
    email: str
    news: News


def write_due_digests(database: Database) -> bool:
    """Write who gets a digest now, and the jobs that deliver them. Returns whether to go on.

    All of a step or nothing of it: whoever runs it, and however often, each digest is one.
    """
    with database.transaction() as session:
        connection = psycopg_connection(session)
        due = _claim(connection)
        readers = _readers(connection, due)
        chunks = [_write(connection, each) for each in in_chunks(readers)]
        queue_deliveries(session, chunks)
        session.commit()
    return len(due) == READERS_AT_ONCE


def in_chunks(readers: Sequence[DigestReader]) -> Iterator[list[DigestReader]]:
    """Of up to `MOST_RECIPIENTS` readers, and `MOST_POSTS_IN_A_CHUNK` posts among them."""
    chunk: list[DigestReader] = []
    posts: set[UUID] = set()
    for reader in readers:
        together = posts.union(reader.news.post_ids)
        if len(chunk) == MOST_RECIPIENTS or len(together) > MOST_POSTS_IN_A_CHUNK:
            yield chunk
            chunk, together = [], set(reader.news.post_ids)
        chunk.append(reader)
        posts = together
    if chunk:
        yield chunk


def _claim(connection: Connection[Any]) -> list[Due]:
    with connection.cursor(row_factory=class_row(Due)) as cursor:
        parameters = {"limit": READERS_AT_ONCE, "settling": SETTLING}
        return cursor.execute(_CLAIM_DUE, parameters).fetchall()


def _readers(connection: Connection[Any], due: Sequence[Due]) -> list[DigestReader]:
    """In the order of their ids."""
    member_ids = [each.member_id for each in due]
    email_of = dict(connection.execute(_REACHABLE, [member_ids]).fetchall())
    reached = sorted(each for each in due if each.member_id in email_of)
    readers = []
    for some in _batches(reached, MOST_RECIPIENTS):
        since = [Since(each.member_id, each.news_since) for each in some]
        news = news_for(connection, since, some[0].news_until)
        readers += [
            DigestReader(each, email_of[each.member_id], news[each.member_id])
            for each in some
            if each.member_id in news
        ]
    return readers


def _batches(due: Sequence[Due], size: int) -> Iterator[list[Due]]:
    remaining = iter(due)
    while batch := list(islice(remaining, size)):
        yield batch


def _write(connection: Connection[Any], readers: Sequence[DigestReader]) -> UUID:
    """Returns the chunk's id. A member's digest of a day is in one chunk only: so is its key."""
    first = readers[0].due
    key = f"digest/{first.member_id}/{int(first.due_at.timestamp() * 1_000_000)}"
    chunk_id: UUID = connection.execute(_WRITE_CHUNK, [key]).fetchall()[0][0]
    parameters = {
        "chunk_id": chunk_id,
        "member_ids": [each.due.member_id for each in readers],
        "emails": [each.email for each in readers],
        "sinces": [each.due.news_since for each in readers],
    }
    connection.execute(_WRITE_DELIVERIES, parameters)
    return chunk_id
