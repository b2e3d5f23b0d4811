"""What stands in the mails."""

import re
from pathlib import Path

import pytest
from mailer.composing import Composer
from mailer.mail import Mail
from mailer_requests import ACCOUNT_MAIL, EVERY_MAIL, new_post, reader, reset_code, wren
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from mailer import emails

# Between two tags, with a letter in it.
WORDS_IN_HTML = re.compile(r">\s*([^<>]*[a-z][^<>]*?)\s*<")
# Addresses, the code, what the member and the browser are called, the post, its postmark, styles.
NOT_OURS = re.compile(
    r"^$|^--$|https?://|^a1b2c3$|^el_atla|^wren$|^The ferry|^Nine people|^Take the early|UTC|{"
    r"|^Decoupled$|^&nbsp;$"
)
FOLDER = Path(emails.__file__).parent
# Gmail cuts off what is longer.
LONGEST_BODY_BYTES = 102_000


def composed(composer: Composer, request: SendMailRequest) -> Mail:
    return composer.compose(request, 0)


def test_every_mail_of_the_contract_is_tried_here() -> None:
    assert set(EVERY_MAIL) == {
        field.name for field in SendMailRequest.DESCRIPTOR.oneofs_by_name["mail"].fields
    }


@pytest.mark.parametrize("kind", EVERY_MAIL)
def test_every_mail_is_there_in_both_languages(kind: str) -> None:
    for language in ("en", "es"):
        files = {file.name for file in (FOLDER / kind / language).iterdir()}
        assert files == {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("kind", EVERY_MAIL)
def test_no_english_is_left_in_a_spanish_mail(composer: Composer, kind: str) -> None:
    """Lines with nothing of ours in them are members' words, addresses and codes."""
    lines = {}
    for language in ("en", "es"):
        request = EVERY_MAIL[kind]()
        request.recipients[0].language = language
        mail = composed(composer, request)
        assert f'<html lang="{language}">' in mail.html
        lines[language] = set(mail.text.splitlines()) | set(WORDS_IN_HTML.findall(mail.html))
    ours = {line for line in lines["en"] & lines["es"] if not NOT_OURS.search(line)}

    assert ours == set()


def test_the_reset_code_stands_alone_on_its_line(composer: Composer) -> None:
    for language in ("en", "es"):
        mail = composed(composer, reset_code(to=wren(language=language)))
        assert "a1b2c3" in mail.text.splitlines()
        assert "a1b2c3" not in mail.subject


@pytest.mark.parametrize(
    ("tag", "subject"),
    [
        ("en", "Your code for a new password"),
        ("es", "Tu código para una contraseña nueva"),
        ("es-MX", "Tu código para una contraseña nueva"),
        ("ES", "Tu código para una contraseña nueva"),
        ("fi", "Your code for a new password"),
        ("", "Your code for a new password"),
        ("../layout", "Your code for a new password"),
    ],
)
def test_a_mail_is_in_the_language_of_its_reader(
    composer: Composer, tag: str, subject: str
) -> None:
    assert composed(composer, reset_code(to=wren(language=tag))).subject == subject


def test_moments_are_told_in_utc_in_the_words_of_the_language(composer: Composer) -> None:
    english = composed(composer, new_post())
    spanish = composed(composer, new_post(to=[reader(language="es")]))

    assert "23 November 2026, 08:12 UTC" in english.text
    assert "23 de noviembre de 2026, 08:12 UTC" in spanish.text


def test_subscription_mail_can_be_stopped_by_program_and_by_person(composer: Composer) -> None:
    url = "https://decoupled.dev/api/notifications/unsubscribe/abc"

    mail = composed(composer, new_post(to=[reader(unsubscribe_url=url)]))

    assert mail.headers["List-Unsubscribe"] == f"<{url}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["List-Id"] == "Decoupled posts <posts.decoupled.dev>"
    assert mail.sender == "Decoupled <posts@decoupled.dev>"
    for body in (mail.text, mail.html):
        assert "https://decoupled.dev/unsubscribe/abc" in body


def test_readers_of_one_post_get_equal_mails_but_for_their_names_and_links(
    composer: Composer,
) -> None:
    readers = [
        reader(username="Ann & Co", unsubscribe_url="https://decoupled.dev/u/of_ann"),
        reader(username="Bo", unsubscribe_url="https://decoupled.dev/u/of_bo"),
    ]
    request = new_post(to=readers)

    of_ann, of_bo = (composer.compose(request, place) for place in range(2))

    assert "Hello Ann & Co, you get this" in of_ann.text
    assert "Hello <bdi>Ann &amp; Co</bdi>, you get this" in of_ann.html
    assert of_ann.subject == of_bo.subject
    assert of_ann.text.replace("Ann & Co", "Bo").replace("of_ann", "of_bo") == of_bo.text
    assert of_ann.html.replace("Ann &amp; Co", "Bo").replace("of_ann", "of_bo") == of_bo.html


@pytest.mark.parametrize("kind", ACCOUNT_MAIL)
def test_account_mail_belongs_to_no_list_and_has_another_sender(
    composer: Composer, kind: str
) -> None:
    mail = composed(composer, EVERY_MAIL[kind]())

    assert not [name for name in mail.headers if name.startswith("List-")]
    assert mail.sender == "Decoupled <accounts@decoupled.dev>"


@pytest.mark.parametrize("kind", EVERY_MAIL)
def test_every_mail_says_that_a_program_sent_it(composer: Composer, kind: str) -> None:
    assert composed(composer, EVERY_MAIL[kind]()).headers["Auto-Submitted"] == "auto-generated"


def test_mails_of_one_subject_stay_apart(composer: Composer) -> None:
    references = {
        composed(composer, reset_code(key)).headers["X-Entity-Ref-ID"] for key in ("1", "2")
    }

    assert len(references) == 2


@pytest.mark.parametrize("kind", EVERY_MAIL)
def test_composing_again_makes_the_same_mail(kind: str) -> None:
    mails = [
        composed(Composer("https://decoupled.dev", "a@b.dev", "c@d.dev"), EVERY_MAIL[kind]())
        for _ in range(2)
    ]

    assert mails[0] == mails[1]


def test_what_members_write_is_text_and_not_markup(composer: Composer) -> None:
    attack = "<img src=x onerror=alert(1)>{{ 7 * 7 }}"

    mail = composed(
        composer,
        new_post(
            title=attack, content=attack, author_username=attack, to=[reader(username=attack)]
        ),
    )

    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;{{ 7 * 7 }}" in mail.html
    assert attack in mail.text


def test_a_post_keeps_its_lines(composer: Composer) -> None:
    mail = composed(composer, new_post(content="one\n\n  two & three"))

    assert "one\n\n  two & three" in mail.text
    assert "one\n\n  two &amp; three" in mail.html


def test_the_longest_post_fits_below_where_gmail_cuts(composer: Composer) -> None:
    mail = composed(composer, new_post(title="&" * 100, content="&\N{FAMILY}" * 2_500))

    assert len(mail.html.encode()) < LONGEST_BODY_BYTES
    assert len(mail.text.encode()) < LONGEST_BODY_BYTES


def test_nothing_is_loaded_from_anywhere(composer: Composer) -> None:
    for request in EVERY_MAIL.values():
        html = composed(composer, request()).html
        assert not [word for word in ("<img", "src=", "url(", "@import", "<link") if word in html]
