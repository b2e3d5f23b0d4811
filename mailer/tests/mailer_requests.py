"""Requests as the backend makes them: Wren reads, Inés (el_atla) writes."""

from collections.abc import Callable, Sequence

from service_contracts.mailer.v1.mailer_pb2 import (
    ConfirmEmailMail,
    DigestMail,
    DigestSelection,
    EmailChangedMail,
    MentionMail,
    NewPostMail,
    NewSignInMail,
    PasswordChangedMail,
    Recipient,
    ResetCodeMail,
    SendMailRequest,
    TrialMail,
)

PUBLIC_URL = "https://decoupled.dev"
POST_ID = "0193a1b2-7c3d-7000-8000-00000000a1f7"
AUTHOR_ID = "0193a1b2-7c3d-7000-8000-0000000000a1"
# 2026-11-23T08:12:00Z
POSTED_AT = 1_795_421_520


def wren(address: str = "wren@decoupled.dev", **fields: str) -> Recipient:
    return Recipient(**{"address": address, "username": "wren", "language": "en"} | fields)


def reader(address: str = "wren@decoupled.dev", **fields: str) -> Recipient:
    """Somebody whose mails can be stopped."""
    url = f"{PUBLIC_URL}/api/notifications/unsubscribe/token-of-{len(address)}"
    return wren(address, **{"unsubscribe_url": url} | fields)


def readers(count: int) -> list[Recipient]:
    return [reader(f"reader{number}@decoupled.dev") for number in range(count)]


def reset_code(key: str = "reset/1", to: Recipient | None = None) -> SendMailRequest:
    mail = ResetCodeMail(code="a1b2c3", minutes_valid=10)
    return SendMailRequest(idempotency_key=key, recipients=[to or wren()], reset_code=mail)


def password_changed(key: str = "changed/1", to: Recipient | None = None) -> SendMailRequest:
    mail = PasswordChangedMail(changed_at=POSTED_AT)
    return SendMailRequest(idempotency_key=key, recipients=[to or wren()], password_changed=mail)


def confirm_email(key: str = "confirm/1", to: Recipient | None = None) -> SendMailRequest:
    url = f"{PUBLIC_URL}/confirm-email?token=abc"
    mail = ConfirmEmailMail(confirm_url=url, hours_valid=48)
    return SendMailRequest(idempotency_key=key, recipients=[to or wren()], confirm_email=mail)


def email_changed(key: str = "address/1", to: Recipient | None = None) -> SendMailRequest:
    mail = EmailChangedMail(changed_at=POSTED_AT)
    return SendMailRequest(idempotency_key=key, recipients=[to or wren()], email_changed=mail)


def new_sign_in(
    key: str = "sign-in/1", to: Recipient | None = None, browser: str = "Firefox on Linux"
) -> SendMailRequest:
    mail = NewSignInMail(
        signed_in_at=POSTED_AT, browser=browser, sessions_url=f"{PUBLIC_URL}/settings"
    )
    return SendMailRequest(idempotency_key=key, recipients=[to or wren()], new_sign_in=mail)


def trial(key: str = "trial/1", to: Recipient | None = None) -> SendMailRequest:
    mail = TrialMail(sent_at=POSTED_AT)
    return SendMailRequest(idempotency_key=key, recipients=[to or wren()], trial=mail)


def post(**fields: str) -> NewPostMail:
    return NewPostMail(
        post_url=f"{PUBLIC_URL}/posts/{POST_ID}",
        posted_at=POSTED_AT,
        **{
            "post_id": POST_ID,
            "author_id": AUTHOR_ID,
            "title": "The ferry leaves without us",
            "content": "Nine people on the quay this morning.\n\nTake the early boat. #harbour",
            "author_username": "el_atla",
        }
        | fields,
    )


def new_post(
    key: str = "post/1", to: Sequence[Recipient] | None = None, **fields: str
) -> SendMailRequest:
    return SendMailRequest(
        idempotency_key=key, recipients=to or [reader()], new_post=post(**fields)
    )


def mention(
    key: str = "mention/1", to: Sequence[Recipient] | None = None, **fields: str
) -> SendMailRequest:
    mail = MentionMail(post=post(**fields))
    return SendMailRequest(idempotency_key=key, recipients=to or [reader()], mention=mail)


def digest(
    key: str = "digest/1",
    to: Sequence[Recipient] | None = None,
    posts: Sequence[NewPostMail] = (),
    selections: Sequence[DigestSelection] = (),
) -> SendMailRequest:
    recipients = to or [reader()]
    mail = DigestMail(
        posts=posts or [post()],
        selections=selections or [DigestSelection(places=[0]) for _ in recipients],
    )
    return SendMailRequest(idempotency_key=key, recipients=recipients, digest=mail)


EVERY_MAIL: dict[str, Callable[[], SendMailRequest]] = {
    "reset_code": reset_code,
    "password_changed": password_changed,
    "confirm_email": confirm_email,
    "new_post": new_post,
    "digest": digest,
    "mention": mention,
    "email_changed": email_changed,
    "new_sign_in": new_sign_in,
    "trial": trial,
}
ACCOUNT_MAIL = [kind for kind in EVERY_MAIL if kind not in ("new_post", "digest", "mention")]
