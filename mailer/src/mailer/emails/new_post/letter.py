from collections.abc import Hashable

from service_contracts.mailer.v1.mailer_pb2 import NewPostMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.single_line import single_line
from mailer.emails.stamp import stamp_of
from mailer.emails.stationery import Stationery


def new_post(mail: NewPostMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write_alike("new_post", recipient, **post_values(mail))


def post_values(post: NewPostMail) -> dict[str, Hashable]:
    """What `layout/post.html` shows of a post."""
    author = single_line(post.author_username)
    return {
        "title": single_line(post.title),
        "content": post.content,
        "author": author,
        "stamp": stamp_of(post.author_id, author),
        "post_url": post.post_url,
        "posted_at": post.posted_at,
    }
