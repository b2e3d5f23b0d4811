from service_contracts.mailer.v1.mailer_pb2 import NewSignInMail, Recipient

from mailer.emails.form import Letter
from mailer.emails.single_line import single_line
from mailer.emails.stationery import Stationery


def new_sign_in(mail: NewSignInMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write(
        "new_sign_in",
        recipient,
        signed_in_at=mail.signed_in_at,
        browser=single_line(mail.browser),
        sessions_url=mail.sessions_url,
    )
