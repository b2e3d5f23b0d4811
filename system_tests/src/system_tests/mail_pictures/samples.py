"""One mail of each kind, as the backend asks for it, and some that are hard to set."""

from collections.abc import Mapping

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

LANGUAGES = ("en", "es")
PUBLIC_URL = "https://decoupled.dev"
READER = "wren@decoupled.dev"
# 2026-11-23T08:12:00Z
MOMENT = 1_795_421_520
HOUR = 3600


def _post(author: str, hue: int, title: str, content: str, hours_ago: int = 0) -> NewPostMail:
    """`hue` is the number of the stamp's colour and pattern."""
    post_id = f"0193a1b2-7c3d-7000-8000-00000000{hue:02x}{hours_ago:02x}"
    return NewPostMail(
        post_id=post_id,
        title=title,
        content=content,
        author_id=f"0193a1b2-7c3d-7000-8000-00000000{hue:02x}{hue:02x}",
        author_username=author,
        post_url=f"{PUBLIC_URL}/posts/{post_id}",
        posted_at=MOMENT - hours_ago * HOUR,
    )


FERRY = _post(
    "Inés.Quiroga",
    8,
    "The ferry leaves without us",
    "Nine people on the quay this morning, and a captain who decided that the wind had other plans."
    " We had coffee at the kiosk and talked about maps.\n\nIf you are crossing tomorrow, take the"
    " early boat. #harbour",
)
QUEUE = _post(
    "reiter",
    5,
    "What I learned from keeping a queue in Postgres",
    "One table, one index, and a habit: write the row in the same transaction as the thing it is"
    " about. Everything I was afraid of losing stopped getting lost.",
    hours_ago=3,
)
QUIET = _post(
    "Wren Adeyemi",
    0,
    "A short list of quiet places",
    "The reading room before ten. The second bench past the lock. Platform 14. The stairs behind"
    " the theatre, though only when it rains.",
    hours_ago=7,
)
TIDE = _post("Inés.Quiroga", 8, "Tide table for Thursday", "06:10, 12:31, 18:44.", hours_ago=11)
NAMING = _post(
    "reiter", 5, "For @wren", "You asked how often we vacuum. @wren, the answer is: it does itself."
)
# Written the other way round, without a space to break at, and with what looks like markup.
HARD = _post(
    "عبد_الرحمن_الطويل_الاسم_جدا",
    14,
    "العبّارة تغادر بدوننا <b>&amp; 渡し船</b>",
    "تسعة أشخاص على الرصيف هذا الصباح.\n"
    + "Donaudampfschifffahrtsgesellschaftskapitän" * 4
    + "\n  indented, 👩‍👩‍👧 and <script>alert(1)</script>",
)

MAILS: Mapping[str, SendMailRequest] = {
    "confirm_email": SendMailRequest(
        confirm_email=ConfirmEmailMail(
            confirm_url=f"{PUBLIC_URL}/confirm-email?token=abc", hours_valid=48
        )
    ),
    "reset_code": SendMailRequest(reset_code=ResetCodeMail(code="3fa9c2", minutes_valid=10)),
    "password_changed": SendMailRequest(password_changed=PasswordChangedMail(changed_at=MOMENT)),
    "email_changed": SendMailRequest(email_changed=EmailChangedMail(changed_at=MOMENT)),
    "new_sign_in": SendMailRequest(
        new_sign_in=NewSignInMail(
            signed_in_at=MOMENT,
            browser="Firefox on Linux",
            sessions_url=f"{PUBLIC_URL}/settings/browsers",
        )
    ),
    "new_post": SendMailRequest(new_post=FERRY),
    "new_post, hard to set": SendMailRequest(new_post=HARD),
    "mention": SendMailRequest(mention=MentionMail(post=NAMING)),
    "digest": SendMailRequest(
        digest=DigestMail(
            posts=[FERRY, QUEUE, QUIET, TIDE],
            selections=[DigestSelection(places=[0, 1, 2, 3], more=5)],
        )
    ),
    "digest of one": SendMailRequest(
        digest=DigestMail(posts=[QUIET], selections=[DigestSelection(places=[0])])
    ),
    "trial": SendMailRequest(trial=TrialMail(sent_at=MOMENT)),
}
# What members can stop.
SUBSCRIPTIONS = ("new_post", "mention", "digest")


def request_for(name: str, language: str) -> SendMailRequest:
    """Complete: to a reader of that language."""
    request = SendMailRequest(idempotency_key=f"{name}/{language}".replace(" ", "-"))
    request.MergeFrom(MAILS[name])
    stop = f"{PUBLIC_URL}/api/notifications/unsubscribe/abc"
    is_subscription = request.WhichOneof("mail") in SUBSCRIPTIONS
    request.recipients.append(
        Recipient(
            address=READER,
            username="wren",
            language=language,
            unsubscribe_url=stop if is_subscription else "",
        )
    )
    return request
