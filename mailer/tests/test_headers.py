"""Whatever members are called and write, a mail's headers are ours."""

import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailer.composing import Composer
from mailer.message_file import message_bytes
from mailer.outbox_folder import KIND_HEADER
from mailer_requests import new_post, reader

COMPOSER = Composer("https://decoupled.dev", "Decoupled <posts@decoupled.dev>", "a@decoupled.dev")
HEADERS = {
    "Date", "From", "To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress",
    "X-Entity-Ref-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Mail-Kind",
    "MIME-Version", "Content-Type",
}  # fmt: skip

# All that a protobuf string can hold.
anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1_000)


def written(name: str, title: str) -> EmailMessage:
    request = new_post(author_username=name, title=title, to=[reader(username=name)])
    mail = COMPOSER.compose(request, 0)
    content = message_bytes(mail, datetime(2026, 11, 23, tzinfo=UTC), {KIND_HEADER: mail.kind})
    return email.message_from_bytes(content, EmailMessage, policy=policy.default)


@given(name=anything, title=anything)
def test_no_text_adds_or_changes_a_header(name: str, title: str) -> None:
    message = written(name, title)

    assert set(message.keys()) == HEADERS
    assert message["To"] == "wren@decoupled.dev"
    assert message["From"] == "Decoupled <posts@decoupled.dev>"
    assert not message.defects


@pytest.mark.parametrize(
    "name",
    [
        "eve\r\nBcc: eve@decoupled.dev",
        "eve\nBcc: eve@decoupled.dev",
        "eve\u2028Bcc: eve@decoupled.dev",
        "eve\x85Bcc: eve@decoupled.dev",
        "eve\r\n\r\n<h1>body</h1>",
    ],
)
def test_a_line_break_in_a_name_is_a_space(name: str) -> None:
    message = written(name, "A title")

    assert message["Bcc"] is None
    assert str(message["Subject"]).startswith("eve ")


def test_marks_that_turn_text_around_are_left_out_of_names_and_subjects() -> None:
    message = written("\u202eevil\u202c", "moc.live//:ptth\u2067 title")

    assert message["Subject"] == "evil: moc.live//:ptth title"


def test_emoji_and_every_script_arrive_as_written() -> None:
    message = written("Inés \N{SAILBOAT}\N{VARIATION SELECTOR-16}", "渡し船 — العبّارة 👩‍👩‍👧")

    assert message["Subject"] == "Inés ⛵️: 渡し船 — العبّارة 👩‍👩‍👧"


def test_a_very_long_name_is_cut() -> None:
    message = written("n" * 1_000, "t" * 1_000)

    assert len(str(message["Subject"])) <= 120
    assert str(message["Subject"]).endswith("…")


def test_the_longest_unsubscribe_url_is_on_one_line() -> None:
    url = "https://decoupled.dev/api/notifications/unsubscribe/".ljust(200, "t")
    request = new_post(to=[reader(unsubscribe_url=url)])
    mail = COMPOSER.compose(request, 0)

    content = message_bytes(mail, datetime(2026, 11, 23, tzinfo=UTC), {KIND_HEADER: mail.kind})

    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in content
