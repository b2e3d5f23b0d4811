from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from service_contracts.mailer.v1.mailer_pb2 import DigestMail, NewPostMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.single_line import single_line
from mailer.emails.stamp import Stamp, stamp_of
from mailer.emails.stationery import Stationery


@dataclass(frozen=True, slots=True)
class PostInDigest:
    title: str
    content: str
    url: str
    # Unix time, in seconds.
    posted_at: int


@dataclass(frozen=True, slots=True)
class PostsOfAuthor:
    author: str
    stamp: Stamp
    posts: Sequence[PostInDigest]


def digest(mail: DigestMail, place: int, recipient: Recipient, stationery: Stationery) -> Letter:
    """The digest of the recipient at `place` in the request."""
    selection = mail.selections[place]
    posts = [mail.posts[post] for post in selection.places]
    return stationery.write(
        "digest",
        recipient,
        groups=_by_author(posts),
        first_author=single_line(posts[0].author_username),
        first_title=single_line(posts[0].title),
        others=len(posts) + selection.more - 1,
        count=len(posts) + selection.more,
        more=selection.more,
    )


def _by_author(posts: Sequence[NewPostMail]) -> list[PostsOfAuthor]:
    """Authors in the order of their best post, each with their posts best first."""
    rank = {author: place for place, author in reversed(list(enumerate(map(_author_id, posts))))}
    ordered = sorted(posts, key=lambda post: rank[post.author_id])
    return [_group(list(of_author)) for _, of_author in groupby(ordered, key=_author_id)]


def _author_id(post: NewPostMail) -> str:
    return post.author_id


def _group(posts: Sequence[NewPostMail]) -> PostsOfAuthor:
    author = single_line(posts[0].author_username)
    return PostsOfAuthor(
        author, stamp_of(posts[0].author_id, author), [_in(post) for post in posts]
    )


def _in(post: NewPostMail) -> PostInDigest:
    return PostInDigest(single_line(post.title), post.content, post.post_url, post.posted_at)
