from service_contracts.mailer.v1.mailer_pb2 import MentionMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.new_post.letter import post_values
from mailer.emails.stationery import Stationery


def mention(mail: MentionMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write_alike("mention", recipient, **post_values(mail.post))
