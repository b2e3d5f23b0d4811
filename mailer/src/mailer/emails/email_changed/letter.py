from service_contracts.mailer.v1.mailer_pb2 import EmailChangedMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.stationery import Stationery


def email_changed(mail: EmailChangedMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write("email_changed", recipient, changed_at=mail.changed_at)
