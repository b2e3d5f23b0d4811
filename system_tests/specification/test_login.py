"""POST /auth/login: a username and a password for a session cookie."""

from dataclasses import replace
from http.cookies import SimpleCookie

import httpx
import pytest
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.person import Person
from system_tests.visitor import Visitor

LOGGED_IN = "Logged in succesfully!"


def session_cookie_of(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """Returns the name of the only cookie that was set, and its attributes."""
    (line,) = answer.headers.get_list("Set-Cookie")
    ((name, cookie),) = SimpleCookie(line).items()
    return name, dict(cookie)


def test_login_answers_with_the_username_and_the_email(visitor: Visitor, alice: Person) -> None:
    body = assert_succeeded(visitor.login(alice.member), 200, LOGGED_IN)
    assert body["data"] == {"username": alice.member.username, "email": alice.member.email}


@pytest.mark.parametrize("change", [str.upper, str.capitalize], ids=["upper", "capitalised"])
def test_the_username_is_accepted_in_another_case(
    visitor: Visitor, alice: Person, change: type[str]
) -> None:
    member = replace(alice.member, username=change(alice.member.username))
    body = assert_succeeded(visitor.login(member), 200, LOGGED_IN)
    assert body["data"]["username"] == alice.member.username


def test_the_email_is_accepted_in_place_of_the_username(visitor: Visitor, alice: Person) -> None:
    member = replace(alice.member, username=alice.member.email)
    assert_succeeded(visitor.login(member), 200, LOGGED_IN)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: Visitor, alice: Person
) -> None:
    name, attributes = session_cookie_of(visitor.login(alice.member))
    assert name in ("session", "__Host-session")
    assert attributes["httponly"]
    assert attributes["samesite"] in ("Lax", "Strict")
    assert attributes["path"] == "/"
    assert not attributes["domain"]
    assert bool(attributes["secure"]) == (name == "__Host-session")


def test_each_login_gets_a_session_of_its_own(visitor: Visitor, alice: Person) -> None:
    first = visitor.login(alice.member).headers["Set-Cookie"]
    second = visitor.login(alice.member).headers["Set-Cookie"]
    assert first != second


def test_a_wrong_password_is_refused(visitor: Visitor, bob: Person) -> None:
    answer = visitor.login(replace(bob.member, password="wrong-password"))
    assert assert_refused(answer, 401)["code"] == "wrong_credentials"
    assert "Set-Cookie" not in answer.headers


def test_the_password_is_not_accepted_in_another_case(visitor: Visitor, bob: Person) -> None:
    answer = visitor.login(replace(bob.member, password=bob.member.password.upper()))
    assert_refused(answer, 401)


def test_an_unknown_username_and_a_wrong_password_get_the_same_answer(
    visitor: Visitor, bob: Person
) -> None:
    wrong = visitor.login(replace(bob.member, password="wrong-password"))
    unknown = visitor.login(replace(bob.member, username=f"not_{bob.member.username}"))
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()
    assert unknown.headers.keys() == wrong.headers.keys()


@pytest.mark.parametrize(
    ("username", "password"),
    [
        pytest.param("el atla", "12345678", id="space-in-username"),
        pytest.param("", "12345678", id="empty-username"),
        pytest.param("el_atla", "1234567", id="password-of-7-characters"),
        pytest.param("el_atla", "1234 5678", id="space-in-password"),
        pytest.param("el_atla", "", id="empty-password"),
        pytest.param("el_atla", "1" * 129, id="password-of-129-characters"),
        pytest.param("el\x00atla", "12345678", id="nul-in-username"),
    ],
)
def test_what_no_account_can_have_is_refused(
    visitor: Visitor, bob: Person, username: str, password: str
) -> None:
    answer = visitor.login(replace(bob.member, username=username, password=password))
    assert answer.status_code in (401, 422)
    assert_refused(answer, answer.status_code)
    assert not visitor.is_signed_in()
