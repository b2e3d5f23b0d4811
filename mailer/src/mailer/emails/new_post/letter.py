from service_contracts.mailer.v1.mailer_pb2 import NewPostMail, Recipient

from mailer.emails.single_line import single_line
from mailer.emails.stamp import stamp_of
from mailer.emails.stationery import Letter, Stationery


def new_post(mail: NewPostMail, recipient: Recipient, stationery: Stationery) -> Letter:
    author = single_line(mail.author_username)
    return stationery.write(
        "new_post",
        recipient,
        title=single_line(mail.title),
        content=mail.content,
        author=author,
        stamp=stamp_of(mail.author_id, author),
        post_url=mail.post_url,
        posted_at=mail.posted_at,
        unsubscribe_page=stationery.unsubscribe_page(recipient),
    )
