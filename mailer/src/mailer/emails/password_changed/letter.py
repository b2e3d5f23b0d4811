from service_contracts.mailer.v1.mailer_pb2 import PasswordChangedMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.stationery import Stationery


def password_changed(
    mail: PasswordChangedMail, recipient: Recipient, stationery: Stationery
) -> Letter:
    return stationery.write("password_changed", recipient, changed_at=mail.changed_at)
