"""POST /auth/send-reset-token and PUT /auth/restart-password: a forgotten password."""

from dataclasses import replace

import pytest
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.inbox import Inbox
from system_tests.members import unique_suffix
from system_tests.person import Person
from system_tests.visitor import Visitor

SENT = "Reset token sent successfully"
RESET = "Pasword reset successfully"
NEW_PASSWORD = "another-horse-battery"
TRIES = 5


def ask_for_code(inbox: Inbox, person: Person, count: int = 1) -> str:
    """Has a code mailed, the `count`th to this person, and returns it."""
    assert_succeeded(person.send_reset_token(person.member.email), 200, SENT)
    return inbox.wait_for(person.member.email, "reset_code", count).reset_code


def other_code(code: str) -> str:
    """Returns a well-formed code that is not `code`."""
    return f"{(int(code, 16) + 1) % 16**6:06x}"


def assert_token_refused(person: Person, code: str) -> None:
    answer = person.restart_password(person.member.email, code, NEW_PASSWORD)
    assert assert_refused(answer, 422, "token")["code"] == "invalid_reset_token"


def test_the_code_of_the_mail_sets_a_new_password(
    visitor: Visitor, bob: Person, inbox: Inbox
) -> None:
    code = ask_for_code(inbox, bob)
    answer = bob.restart_password(bob.member.email, code, NEW_PASSWORD)
    assert assert_succeeded(answer, 200, RESET).keys() == {"message"}
    assert visitor.login(replace(bob.member, password=NEW_PASSWORD)).is_success
    assert visitor.login(bob.member).status_code == 401


def test_the_code_is_accepted_in_capitals(bob: Person, inbox: Inbox) -> None:
    code = ask_for_code(inbox, bob).upper()
    assert_succeeded(bob.restart_password(bob.member.email, code, NEW_PASSWORD), 200, RESET)


def test_the_address_is_accepted_in_another_case(bob: Person, inbox: Inbox) -> None:
    bob.send_reset_token(bob.member.email.upper())
    code = inbox.wait_for(bob.member.email, "reset_code").reset_code
    email = bob.member.email.upper()
    assert_succeeded(bob.restart_password(email, code, NEW_PASSWORD), 200, RESET)


def test_a_new_password_ends_every_session_and_starts_none(bob: Person, inbox: Inbox) -> None:
    code = ask_for_code(inbox, bob)
    assert bob.is_signed_in()
    answer = bob.restart_password(bob.member.email, code, NEW_PASSWORD)
    assert answer.is_success
    assert not bob.is_signed_in()


def test_a_new_password_is_reported_to_the_owner_without_any_secret(
    bob: Person, inbox: Inbox
) -> None:
    code = ask_for_code(inbox, bob)
    bob.restart_password(bob.member.email, code, NEW_PASSWORD)
    mail = inbox.wait_for(bob.member.email, "password_changed")
    assert code not in mail.text + mail.html
    assert NEW_PASSWORD not in mail.text + mail.html


def test_a_wrong_code_is_refused_and_the_right_one_still_works(bob: Person, inbox: Inbox) -> None:
    code = ask_for_code(inbox, bob)
    assert_token_refused(bob, other_code(code))
    assert_succeeded(bob.restart_password(bob.member.email, code, NEW_PASSWORD), 200, RESET)


def test_a_used_code_is_refused(bob: Person, inbox: Inbox) -> None:
    code = ask_for_code(inbox, bob)
    assert bob.restart_password(bob.member.email, code, NEW_PASSWORD).is_success
    assert_token_refused(bob, code)


def test_the_right_code_is_refused_after_five_wrong_ones(bob: Person, inbox: Inbox) -> None:
    code = wrong = ask_for_code(inbox, bob)
    for _ in range(TRIES):
        wrong = other_code(wrong)
        assert_token_refused(bob, wrong)
    assert_token_refused(bob, code)


def test_the_code_of_another_account_is_refused(bob: Person, carol: Person, inbox: Inbox) -> None:
    code_of_carol = ask_for_code(inbox, carol)
    ask_for_code(inbox, bob)
    assert_token_refused(bob, code_of_carol)
    email = carol.member.email
    assert_succeeded(carol.restart_password(email, code_of_carol, NEW_PASSWORD), 200, RESET)


def test_a_code_that_nobody_asked_for_is_refused(bob: Person) -> None:
    assert_token_refused(bob, "123456")


def test_an_unknown_address_and_a_wrong_code_get_the_same_answer(
    visitor: Visitor, bob: Person
) -> None:
    known = bob.restart_password(bob.member.email, "123456", NEW_PASSWORD)
    unknown = visitor.restart_password(f"not_{bob.member.email}", "123456", NEW_PASSWORD)
    assert unknown.status_code == known.status_code == 422
    assert unknown.json() == known.json()


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="empty"),
        pytest.param("12345", id="5-characters"),
        pytest.param("1234567", id="7-characters"),
        pytest.param("12345g", id="not-hexadecimal"),
        pytest.param("0x1234", id="with-prefix"),
        pytest.param("12 456", id="space-inside"),
        pytest.param("-12345", id="minus"),
        pytest.param("\uff11" * 6, id="fullwidth-digits"),
        pytest.param("12345\x00", id="nul"),
    ],
)
def test_what_is_no_code_of_six_hexadecimal_characters_is_refused(
    visitor: Visitor, code: str
) -> None:
    email = f"nobody_{unique_suffix()}@decoupled.dev"
    assert_refused(visitor.restart_password(email, code, NEW_PASSWORD), 422, "token")


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("", id="empty"),
        pytest.param("1234567", id="7-characters"),
        pytest.param("p" * 129, id="129-characters"),
        pytest.param("pass word", id="space"),
        pytest.param("pass\u00a0word", id="no-break-space"),
    ],
)
def test_a_new_password_outside_the_limits_is_refused_and_costs_no_code(
    bob: Person, inbox: Inbox, password: str
) -> None:
    code = ask_for_code(inbox, bob)
    assert_refused(bob.restart_password(bob.member.email, code, password), 422, "newPassword")
    assert_succeeded(bob.restart_password(bob.member.email, code, NEW_PASSWORD), 200, RESET)


@pytest.mark.parametrize(
    "password",
    [pytest.param("12345678", id="8-characters"), pytest.param("p" * 128, id="128-characters")],
)
def test_a_new_password_within_the_limits_is_accepted(
    bob: Person, inbox: Inbox, password: str
) -> None:
    code = ask_for_code(inbox, bob)
    assert_succeeded(bob.restart_password(bob.member.email, code, password), 200, RESET)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    visitor: Visitor, bob: Person, inbox: Inbox
) -> None:
    unknown_email = f"not_{bob.member.email}"
    unknown = visitor.send_reset_token(unknown_email)
    known = visitor.send_reset_token(bob.member.email)
    assert unknown.status_code == known.status_code == 200
    assert unknown.json() == known.json() == {"message": SENT}
    assert unknown.headers.keys() == known.headers.keys()
    inbox.wait_for(bob.member.email, "reset_code")
    assert not inbox.mails(unknown_email)


@pytest.mark.parametrize(
    "email",
    [
        pytest.param("", id="empty"),
        pytest.param("el_atla", id="no-at-sign"),
        pytest.param("el_atla@", id="no-domain"),
        pytest.param("el atla@decoupled.dev", id="space"),
        pytest.param("el_atla@decoupled.dev\nBcc: b@decoupled.dev", id="header-injection"),
    ],
)
@pytest.mark.parametrize("endpoint", ["send-reset-token", "restart-password"])
def test_something_else_than_an_email_address_is_refused(
    visitor: Visitor, endpoint: str, email: str
) -> None:
    if endpoint == "send-reset-token":
        answer = visitor.send_reset_token(email)
    else:
        answer = visitor.restart_password(email, "123456", NEW_PASSWORD)
    assert_refused(answer, 422, "email")


def test_the_mail_with_the_code_is_no_subscription_mail(bob: Person, inbox: Inbox) -> None:
    ask_for_code(inbox, bob)
    headers = inbox.wait_for(bob.member.email, "reset_code").headers
    assert not [name for name in headers if name.lower().startswith("list-")]
