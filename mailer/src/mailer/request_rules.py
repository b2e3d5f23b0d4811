"""What a request must look like to ever succeed: the rules of mailer.proto."""

from service_contracts.mailer.v1.mailer_pb2 import (
    ConfirmEmailMail,
    DigestMail,
    DigestSelection,
    NewPostMail,
    NewSignInMail,
    ResetCodeMail,
    SendMailRequest,
)

from mailer import field_rules as rule
from mailer.composing import LISTS
from mailer.field_rules import InvalidRequestError

MOST_RECIPIENTS = 100
LONGEST_KEY_CHARACTERS = 256
LONGEST_UNSUBSCRIBE_URL_CHARACTERS = 200
MOST_POSTS_IN_A_CALL = 1_000
# Together they stay below the 102 kB at which Gmail cuts a mail off.
MOST_POSTS_IN_A_DIGEST = 20


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
            _check_post("new_post", request.new_post)
        case "digest":
            _check_digest(request.digest, len(request.recipients))
        case "mention":
            _check_post("mention.post", request.mention.post)
        case "email_changed":
            rule.moment("email_changed.changed_at", request.email_changed.changed_at)
        case "new_sign_in":
            _check_new_sign_in(request.new_sign_in)
        case "trial":
            rule.moment("trial.sent_at", request.trial.sent_at)
        case None:
            raise InvalidRequestError("mail", "is missing")
    _check_recipients(request)


def _check_recipients(request: SendMailRequest) -> None:
    is_subscription = request.WhichOneof("mail") in LISTS
    addresses = set()
    for place, recipient in enumerate(request.recipients):
        field = f"recipients[{place}]"
        if recipient.address in addresses:
            raise InvalidRequestError(f"{field}.address", "is in the request twice")
        addresses.add(recipient.address)
        rule.text(f"{field}.username", recipient.username)
        _check_unsubscribe_url(
            f"{field}.unsubscribe_url", recipient.unsubscribe_url, is_subscription
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


def _check_post(field: str, post: NewPostMail) -> None:
    rule.uuid(f"{field}.post_id", post.post_id)
    rule.text(f"{field}.title", post.title)
    rule.text(f"{field}.content", post.content)
    rule.uuid(f"{field}.author_id", post.author_id)
    rule.text(f"{field}.author_username", post.author_username)
    rule.url(f"{field}.post_url", post.post_url)
    rule.moment(f"{field}.posted_at", post.posted_at)


def _check_digest(mail: DigestMail, recipients: int) -> None:
    if not 1 <= len(mail.posts) <= MOST_POSTS_IN_A_CALL:
        raise InvalidRequestError("digest.posts", f"must be 1 to {MOST_POSTS_IN_A_CALL}")
    for place, post in enumerate(mail.posts):
        _check_post(f"digest.posts[{place}]", post)
    if len(mail.selections) != recipients:
        raise InvalidRequestError("digest.selections", "must be one for each recipient")
    for place, selection in enumerate(mail.selections):
        _check_selection(f"digest.selections[{place}].places", selection, len(mail.posts))


def _check_selection(field: str, selection: DigestSelection, posts: int) -> None:
    if not 1 <= len(selection.places) <= MOST_POSTS_IN_A_DIGEST:
        raise InvalidRequestError(field, f"must be 1 to {MOST_POSTS_IN_A_DIGEST}")
    if len(set(selection.places)) < len(selection.places):
        raise InvalidRequestError(field, "must not hold a post twice")
    if max(selection.places) >= posts:
        raise InvalidRequestError(field, "must be places in digest.posts")


def _check_new_sign_in(mail: NewSignInMail) -> None:
    rule.moment("new_sign_in.signed_in_at", mail.signed_in_at)
    rule.text("new_sign_in.browser", mail.browser)
    rule.url("new_sign_in.sessions_url", mail.sessions_url)
