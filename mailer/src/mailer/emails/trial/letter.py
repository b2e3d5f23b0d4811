from service_contracts.mailer.v1.mailer_pb2 import Recipient, TrialMail

from mailer.emails.form import Letter
from mailer.emails.stationery import Stationery


def trial(mail: TrialMail, recipient: Recipient, stationery: Stationery) -> Letter:
    return stationery.write("trial", recipient, sent_at=mail.sent_at)
