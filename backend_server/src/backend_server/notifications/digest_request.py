"""The mailer's request for a chunk of digests, written right before its first try.

So nothing is in it that was deleted, or opened in the app, after the digest was due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from service_contracts.mailer.v1.mailer_pb2 import DigestMail, DigestSelection, SendMailRequest

from backend_server.notifications.digest_posts import Since, news_for, posts_of
from backend_server.notifications.digests import SETTLING
from backend_server.notifications.model import Reader, post_mail, recipient

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import Connection

    from backend_server.notifications.digest_posts import News
    from backend_server.notifications.links import MailLinks
    from backend_server.notifications.model import AnnouncedPost

_CHUNK: Final = "select idempotency_key, created_at from delivery_chunks where id = %s"
_READERS: Final = """
    select users.id as member_id, deliveries.email, users.username, users.language,
           deliveries.news_since
    from deliveries join users on users.id = deliveries.member_id
    where deliveries.chunk_id = %s and deliveries.state = 'waiting'
    order by users.id"""
_SKIP: Final = """
    update deliveries set state = 'skipped', skipped_reason = 'opened', updated_at = now()
    where chunk_id = %(chunk_id)s and state = 'waiting'
      and member_id <> all(%(member_ids)s::uuid[])"""
_PLACE: Final = """
    update deliveries set place = reader.place - 1
    from unnest(%(member_ids)s::uuid[]) with ordinality as reader (member_id, place)
    where deliveries.chunk_id = %(chunk_id)s and deliveries.member_id = reader.member_id"""
_FREEZE: Final = "update delivery_chunks set request = %s where id = %s"


class _DigestReader(NamedTuple):
    member_id: UUID
    email: str
    username: str
    language: str
    news_since: datetime


def write_request(connection: Connection[Any], chunk_id: UUID, links: MailLinks) -> bytes | None:
    """Freezes it. None when nobody is left who has news."""
    row = connection.execute(_CHUNK, [chunk_id]).fetchone()
    if row is None:
        return None
    key, written_at = row
    with connection.cursor(row_factory=class_row(_DigestReader)) as cursor:
        waiting = cursor.execute(_READERS, [chunk_id]).fetchall()
    news, posts = _news_and_posts(connection, waiting, written_at - SETTLING)
    readers = [each for each in waiting if each.member_id in news]
    parameters = {"chunk_id": chunk_id, "member_ids": [each.member_id for each in readers]}
    connection.execute(_SKIP, parameters)
    if not readers:
        return None
    connection.execute(_PLACE, parameters)
    message = SendMailRequest(
        idempotency_key=key,
        recipients=[recipient(Reader(*each[:4]), "digest", links) for each in readers],
        digest=_mail([news[each.member_id] for each in readers], posts, links),
    )
    request = message.SerializeToString(deterministic=True)
    connection.execute(_FREEZE, [request, chunk_id])
    return request


def _news_and_posts(
    connection: Connection[Any], readers: list[_DigestReader], until: datetime
) -> tuple[dict[UUID, News], dict[UUID, AnnouncedPost]]:
    """Looks again when a post is deleted between the two."""
    since = [Since(each.member_id, each.news_since) for each in readers]
    while True:
        news = news_for(connection, since, until)
        post_ids = {post_id for each in news.values() for post_id in each.post_ids}
        posts = posts_of(connection, sorted(post_ids))
        if len(posts) == len(post_ids):
            return news, posts


def _mail(all_news: list[News], posts: dict[UUID, AnnouncedPost], links: MailLinks) -> DigestMail:
    """Each post once, however many read of it."""
    post_ids = sorted(posts)
    place_of = {post_id: place for place, post_id in enumerate(post_ids)}
    return DigestMail(
        posts=[post_mail(posts[post_id], links) for post_id in post_ids],
        selections=[
            DigestSelection(places=[place_of[each] for each in news.post_ids], more=news.more)
            for news in all_news
        ],
    )
