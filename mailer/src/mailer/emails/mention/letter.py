from service_contracts.mailer.v1.mailer_pb2 import MentionMail, Recipient

from mailer.emails.new_post.letter import post_values
from mailer.emails.stationery import Letter, Stationery


def mention(mail: MentionMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write(
        "mention",
        recipient,
        **post_values(mail.post),
        unsubscribe_page=stationery.unsubscribe_page(recipient),
    )
