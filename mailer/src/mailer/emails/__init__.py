"""One folder for each email: a small function, and its templates in each language."""

from service_contracts.mailer.v1.mailer_pb2 import Recipient, SendMailRequest

from mailer.emails.confirm_email.letter import confirm_email
from mailer.emails.new_post.letter import new_post
from mailer.emails.password_changed.letter import password_changed
from mailer.emails.reset_code.letter import reset_code
from mailer.emails.stationery import Letter, Stationery


def write_letter(request: SendMailRequest, recipient: Recipient, stationery: Stationery) -> Letter:
    """The letter of a request that follows the rules, written for one of its recipients."""
    match request.WhichOneof("mail"):
        case "reset_code":
            return reset_code(request.reset_code, recipient, stationery)
        case "password_changed":
            return password_changed(request.password_changed, recipient, stationery)
        case "confirm_email":
            return confirm_email(request.confirm_email, recipient, stationery)
        case "new_post":
            return new_post(request.new_post, recipient, stationery)
        case name:
            raise AssertionError(f"the request rules let nothing else through: {name}")
