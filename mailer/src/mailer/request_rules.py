"""What a request must look like to ever succeed: the rules of mailer.proto."""

from service_contracts.mailer.v1.mailer_pb2 import (
    ConfirmEmailMail,
    NewPostMail,
    ResetCodeMail,
    SendMailRequest,
)

from mailer import field_rules as rule
from mailer.field_rules import InvalidRequestError

MOST_RECIPIENTS = 100
LONGEST_KEY_CHARACTERS = 256
LONGEST_UNSUBSCRIBE_URL_CHARACTERS = 200


def check(request: SendMailRequest) -> None:
    """Raises InvalidRequestError."""
    rule.visible_ascii("idempotency_key", request.idempotency_key, LONGEST_KEY_CHARACTERS)
    if not 1 <= len(request.recipients) <= MOST_RECIPIENTS:
        raise InvalidRequestError("recipients", f"must be 1 to {MOST_RECIPIENTS}")
    match request.WhichOneof("mail"):
        case "reset_code":
            _check_reset_code(request.reset_code)
        case "password_changed":
            rule.moment("password_changed.changed_at", request.password_changed.changed_at)
        case "confirm_email":
            _check_confirm_email(request.confirm_email)
        case "new_post":
            _check_new_post(request.new_post)
        case None:
            raise InvalidRequestError("mail", "is missing")
    _check_recipients(request)


def _check_recipients(request: SendMailRequest) -> None:
    addresses = set()
    for place, recipient in enumerate(request.recipients):
        field = f"recipients[{place}]"
        if recipient.address in addresses:
            raise InvalidRequestError(f"{field}.address", "is in the request twice")
        addresses.add(recipient.address)
        rule.text(f"{field}.username", recipient.username)
        _check_unsubscribe_url(
            f"{field}.unsubscribe_url", recipient.unsubscribe_url, request.HasField("new_post")
        )


def _check_unsubscribe_url(field: str, url: str, is_subscription: bool) -> None:
    if is_subscription:
        rule.url(field, url, LONGEST_UNSUBSCRIBE_URL_CHARACTERS)
    elif url:
        raise InvalidRequestError(field, "must be empty: account mail cannot be stopped")


def _check_reset_code(mail: ResetCodeMail) -> None:
    rule.reset_code("reset_code.code", mail.code)
    rule.positive("reset_code.minutes_valid", mail.minutes_valid)


def _check_confirm_email(mail: ConfirmEmailMail) -> None:
    rule.url("confirm_email.confirm_url", mail.confirm_url)
    rule.positive("confirm_email.hours_valid", mail.hours_valid)


def _check_new_post(mail: NewPostMail) -> None:
    rule.uuid("new_post.post_id", mail.post_id)
    rule.text("new_post.title", mail.title)
    rule.text("new_post.content", mail.content)
    rule.uuid("new_post.author_id", mail.author_id)
    rule.text("new_post.author_username", mail.author_username)
    rule.url("new_post.post_url", mail.post_url)
    rule.moment("new_post.posted_at", mail.posted_at)
