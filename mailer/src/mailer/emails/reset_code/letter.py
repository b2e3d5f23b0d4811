from service_contracts.mailer.v1.mailer_pb2 import Recipient, ResetCodeMail

from mailer.emails.form import Letter
from mailer.emails.stationery import Stationery


def reset_code(mail: ResetCodeMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write(
        "reset_code", recipient, code=mail.code, minutes_valid=mail.minutes_valid
    )
