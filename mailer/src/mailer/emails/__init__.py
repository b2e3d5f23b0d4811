"""One folder for each email: a small function, and its templates in each language."""

from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from mailer.emails.confirm_email.letter import confirm_email
from mailer.emails.digest.letter import digest
from mailer.emails.email_changed.letter import email_changed
from mailer.emails.form import Letter
from mailer.emails.mention.letter import mention
from mailer.emails.new_post.letter import new_post
from mailer.emails.new_sign_in.letter import new_sign_in
from mailer.emails.password_changed.letter import password_changed
from mailer.emails.reset_code.letter import reset_code
from mailer.emails.stationery import Stationery
from mailer.emails.trial.letter import trial


def write_letter(request: SendMailRequest, place: int, stationery: Stationery) -> Letter:
    """The letter of a request that follows the rules, written for its recipient at `place`."""
    recipient = request.recipients[place]
    match request.WhichOneof("mail"):
        case "reset_code":
            return reset_code(request.reset_code, recipient, stationery)
        case "password_changed":
            return password_changed(request.password_changed, recipient, stationery)
        case "confirm_email":
            return confirm_email(request.confirm_email, recipient, stationery)
        case "new_post":
            return new_post(request.new_post, recipient, stationery)
        case "digest":
            return digest(request.digest, place, recipient, stationery)
        case "mention":
            return mention(request.mention, recipient, stationery)
        case "email_changed":
            return email_changed(request.email_changed, recipient, stationery)
        case "new_sign_in":
            return new_sign_in(request.new_sign_in, recipient, stationery)
        case "trial":
            return trial(request.trial, recipient, stationery)
        case name:
            raise AssertionError(f"the request rules let nothing else through: {name}")
