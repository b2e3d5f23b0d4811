"""Which mail tells a reader of a post, and how many go out in one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from service_contracts.mailer.v1.mailer_pb2 import NewPostMail, Recipient, SendMailRequest

from backend_server.notifications.links import MailLinks, Subscription

# What the mailer takes in one call.
MOST_RECIPIENTS: Final = 100


class AnnouncedPost(NamedTuple):
    id: UUID
    title: str
    content: str
    created_at: datetime
    author_id: UUID
    author_username: str


class Reader(NamedTuple):
    member_id: UUID
    email: str
    username: str
    # BCP 47 tag.
    language: str


class Chunk(NamedTuple):
    """Up to 100 readers of one post, and the request that tells them: the same bytes every time."""

    number: int
    idempotency_key: str
    request: bytes
    readers: Sequence[Reader]


def in_chunks(
    post: AnnouncedPost, readers: Sequence[Reader], first_number: int, links: MailLinks
) -> list[Chunk]:
    starts = range(0, len(readers), MOST_RECIPIENTS)
    return [
        _chunk(post, readers[start : start + MOST_RECIPIENTS], number, links)
        for number, start in enumerate(starts, first_number)
    ]


def _chunk(post: AnnouncedPost, readers: Sequence[Reader], number: int, links: MailLinks) -> Chunk:
    key = f"new_post/{post.id}/{number}"
    request = SendMailRequest(
        idempotency_key=key,
        recipients=[_recipient(reader, post.author_id, links) for reader in readers],
        new_post=NewPostMail(
            post_id=str(post.id),
            title=post.title,
            content=post.content,
            author_id=str(post.author_id),
            author_username=post.author_username,
            post_url=links.post_page(post.id),
            posted_at=int(post.created_at.timestamp()),
        ),
    )
    return Chunk(number, key, request.SerializeToString(deterministic=True), readers)


def _recipient(reader: Reader, author_id: UUID, links: MailLinks) -> Recipient:
    return Recipient(
        address=reader.email,
        username=reader.username,
        language=reader.language,
        unsubscribe_url=links.unsubscribe(Subscription(reader.member_id, author_id)),
    )
