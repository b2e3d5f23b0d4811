"""Which mail tells a reader of a post, and how many go out in one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from service_contracts.mailer.v1.mailer_pb2 import (
    MentionMail,
    NewPostMail,
    Recipient,
    SendMailRequest,
)

from backend_server.notifications.links import MailLinks, OwnMail, Subscription

# What the mailer takes in one call.
MOST_RECIPIENTS: Final = 100

# How a post is told to one reader; none hears of it both ways.
PostMailKind = Literal["new_post", "mention"]


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

    kind: PostMailKind
    number: int
    idempotency_key: str
    request: bytes
    readers: Sequence[Reader]


def in_chunks(
    kind: PostMailKind,
    post: AnnouncedPost,
    readers: Sequence[Reader],
    first_number: int,
    links: MailLinks,
) -> list[Chunk]:
    starts = range(0, len(readers), MOST_RECIPIENTS)
    return [
        _chunk(kind, post, readers[start : start + MOST_RECIPIENTS], number, links)
        for number, start in enumerate(starts, first_number)
    ]


def _chunk(
    kind: PostMailKind,
    post: AnnouncedPost,
    readers: Sequence[Reader],
    number: int,
    links: MailLinks,
) -> Chunk:
    key = f"{kind}/{post.id}/{number}"
    about: UUID | OwnMail = post.author_id if kind == "new_post" else "mentions"
    mail = post_mail(post, links)
    request = SendMailRequest(
        idempotency_key=key,
        recipients=[recipient(reader, about, links) for reader in readers],
        new_post=mail if kind == "new_post" else None,
        mention=MentionMail(post=mail) if kind == "mention" else None,
    )
    return Chunk(kind, number, key, request.SerializeToString(deterministic=True), readers)


def post_mail(post: AnnouncedPost, links: MailLinks) -> NewPostMail:
    return NewPostMail(
        post_id=str(post.id),
        title=post.title,
        content=post.content,
        author_id=str(post.author_id),
        author_username=post.author_username,
        post_url=links.post_page(post.id),
        posted_at=int(post.created_at.timestamp()),
    )


def recipient(reader: Reader, about: UUID | OwnMail, links: MailLinks) -> Recipient:
    return Recipient(
        address=reader.email,
        username=reader.username,
        language=reader.language,
        unsubscribe_url=links.unsubscribe(Subscription(reader.member_id, about)),
    )
