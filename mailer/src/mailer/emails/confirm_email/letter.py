from service_contracts.mailer.v1.mailer_pb2 import ConfirmEmailMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.stationery import Stationery


def confirm_email(mail: ConfirmEmailMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write(
        "confirm_email", recipient, confirm_url=mail.confirm_url, hours_valid=mail.hours_valid
    )
