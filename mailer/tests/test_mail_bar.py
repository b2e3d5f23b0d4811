"""M1 and M9: what mail providers ask of a mail, and that no member's words get in the way of it.

The bars are explained in docs/mail.md.
"""

import email
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailer.composing import LISTS, Composer
from mailer.field_rules import InvalidRequestError
from mailer.message_file import message_bytes
from mailer.request_rules import check
from mailer_requests import ACCOUNT_MAIL, EVERY_MAIL, digest, mention, new_post, post, reader
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

COMPOSER = Composer(
    "https://decoupled.dev",
    "Decoupled <posts@decoupled.dev>",
    "Decoupled <accounts@decoupled.dev>",
)
MOST_BODY_BYTES = 102_000
MOST_URL_CHARACTERS = 200


def as_sent(request: SendMailRequest, place: int = 0) -> EmailMessage:
    mail = COMPOSER.compose(request, place)
    content = message_bytes(mail, datetime(2026, 11, 23, tzinfo=UTC), {})
    return email.message_from_bytes(content, EmailMessage, policy=policy.default)


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("kind", LISTS)
def test_m1_subscription_mail_has_what_providers_ask_of_it(kind: str) -> None:
    message = as_sent(EVERY_MAIL[kind]())

    [unsubscribe] = message.get_all("List-Unsubscribe", [])
    url = re.fullmatch(r"<(https://[^<>,\s]+)>", unsubscribe)
    assert url
    assert len(url[1]) <= MOST_URL_CHARACTERS
    assert message.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    assert message["List-Id"] == f"Decoupled {LISTS[kind]} <{LISTS[kind]}.decoupled.dev>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Entity-Ref-ID"]
    for subtype in ("plain", "html"):
        assert 0 < len(body(message, subtype).encode()) <= MOST_BODY_BYTES


@pytest.mark.parametrize("kind", ACCOUNT_MAIL)
def test_m1_account_mail_is_on_no_list_and_from_another_address(kind: str) -> None:
    message = as_sent(EVERY_MAIL[kind]())

    assert [name for name in message if name.startswith(("List-", "Precedence"))] == []
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] != as_sent(new_post())["From"]


def test_m1_no_two_mails_have_one_reference() -> None:
    requests = [
        new_post(key, to=[reader("a@decoupled.dev"), reader("b@decoupled.dev")])
        for key in ("post/1", "post/2")
    ]

    references = [as_sent(each, place)["X-Entity-Ref-ID"] for each in requests for place in (0, 1)]

    assert len(set(references)) == 4


def test_m1_an_unsubscribe_url_that_is_too_long_is_refused() -> None:

    url = "https://decoupled.dev/".ljust(MOST_URL_CHARACTERS + 1, "t")

    with pytest.raises(InvalidRequestError, match=r"^recipients\[0\]\.unsubscribe_url "):
        check(new_post(to=[reader(unsubscribe_url=url)]))


# Line breaks, controls, and what turns text around.
NOT_IN_A_SUBJECT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Skeleton(HTMLParser):
    """The tags and attributes of a page, without its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))


def by(text: str) -> list[SendMailRequest]:
    """Every mail with words of members, all of them `text`."""
    words = {"title": text, "content": text, "author_username": text}
    to = [reader(username=text)]
    return [
        new_post(to=to, **words),
        mention(to=to, **words),
        digest(to=to, posts=[post(**words)]),
    ]


PLAIN = by("Wren")
# All that a protobuf string can hold, but not only spaces.
anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1_000).map(
    lambda text: f"x{text}"
)
hostile = st.sampled_from(
    [
        "eve\r\nBcc: eve@decoupled.dev",
        "\u202egnp.exe\u202c \u2067",
        "n" * 1_000,
        "👩\u200d👩\u200d👧 \N{SAILBOAT}\N{VARIATION SELECTOR-16}",
        "</td></table><script>alert(1)</script>",
        '" onmouseover="alert(1)',
        "{{ 7 * 7 }}{% raw %}",
        "<!--",
        "]]>",
    ]
)


@given(text=st.one_of(hostile, anything))
def test_m9_no_words_of_members_become_markup_or_headers(text: str) -> None:
    for attack, plain in zip(by(text), PLAIN, strict=True):
        attacked, usual = as_sent(attack), as_sent(plain)

        assert attacked.keys() == usual.keys()
        assert not attacked.defects
        assert not NOT_IN_A_SUBJECT.search(str(attacked["Subject"]))
        assert Skeleton(body(attacked, "html")).tags == Skeleton(body(usual, "html")).tags


@pytest.mark.parametrize("make", [new_post, mention])
def test_m9_the_longest_names_and_posts_fit_below_where_gmail_cuts(
    make: Callable[..., SendMailRequest],
) -> None:
    message = as_sent(
        make(title="&" * 1_000, content="&\N{FAMILY}" * 2_500, author_username="<" * 1_000)
    )

    assert len(body(message, "html").encode()) <= MOST_BODY_BYTES
    assert len(str(message["Subject"])) <= 150
