"""POST /auth/register: who may join, to the character."""

from dataclasses import replace
from typing import Any

import pytest
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.inbox import Inbox
from system_tests.members import Member, new_member, unique_suffix
from system_tests.person import Person
from system_tests.visitor import Visitor

REGISTERED = "User registered successfully!"


def username_of_length(length: int) -> str:
    suffix = unique_suffix()
    return "u" * (length - len(suffix)) + suffix


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("12345678", id="8-characters"),
        pytest.param("p" * 128, id="128-characters"),
        pytest.param("🔑" * 8, id="8-emoji"),
        pytest.param("🔑" * 128, id="128-emoji"),
        pytest.param("contraseña-ñandú", id="accents"),
        pytest.param("密码密码密码密码", id="chinese"),
        pytest.param("\"'\\;--<>&%$", id="punctuation"),
    ],
)
def test_a_password_within_the_limits_is_accepted_and_signs_in(
    visitor: Visitor, password: str
) -> None:
    member = new_member("password", password)
    assert_succeeded(visitor.register(member), 201, REGISTERED)
    assert visitor.login(member).is_success


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("", id="empty"),
        pytest.param("1234567", id="7-characters"),
        pytest.param("🔑" * 7, id="7-emoji"),
        pytest.param("p" * 129, id="129-characters"),
        pytest.param("open sesame", id="space-inside"),
        pytest.param(" opensesame", id="space-before"),
        pytest.param("opensesame ", id="space-after"),
        pytest.param(" " * 8, id="only-spaces"),
        pytest.param("open\tsesame", id="tab"),
        pytest.param("open\nsesame", id="line-break"),
        pytest.param("open\u00a0sesame", id="no-break-space"),
        pytest.param("open\u2003sesame", id="em-space"),
        pytest.param("open\u3000sesame", id="ideographic-space"),
        pytest.param("open\x00sesame", id="nul"),
    ],
)
def test_a_password_outside_the_limits_is_refused(visitor: Visitor, password: str) -> None:
    member = new_member("password", password)
    answer = visitor.register(member)
    assert_refused(answer, 422, "password")
    assert not password.strip() or password.strip() not in answer.text
    assert not visitor.login(member).is_success


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("josé-ñandú_{}", id="accents"),
        pytest.param("用户{}", id="chinese"),
        pytest.param("🐙{}", id="emoji"),
        pytest.param("o'brien.{}", id="apostrophe-and-dot"),
        pytest.param("{}@home", id="at-sign"),
        pytest.param("<b>{}<b>", id="angle-brackets"),
    ],
)
def test_a_username_of_visible_characters_is_accepted(visitor: Visitor, name: str) -> None:
    member = replace(new_member(), username=name.format(unique_suffix()))
    assert_succeeded(visitor.register(member), 201, REGISTERED)
    assert visitor.login(member).json()["data"]["username"] == member.username


def test_a_username_of_50_characters_is_accepted(visitor: Visitor) -> None:
    member = replace(new_member(), username=username_of_length(50))
    assert_succeeded(visitor.register(member), 201, REGISTERED)


def test_a_username_of_51_characters_is_refused(visitor: Visitor) -> None:
    member = replace(new_member(), username=username_of_length(51))
    assert_refused(visitor.register(member), 422, "username")


@pytest.mark.parametrize(
    "username",
    [
        pytest.param("", id="empty"),
        pytest.param("el atla", id="space-inside"),
        pytest.param(" el_atla", id="space-before"),
        pytest.param("el_atla ", id="space-after"),
        pytest.param(" ", id="only-a-space"),
        pytest.param("el\tatla", id="tab"),
        pytest.param("el\natla", id="line-break"),
        pytest.param("el\r\nBcc:a", id="header-injection"),
        pytest.param("el\u00a0atla", id="no-break-space"),
        pytest.param("el\u3000atla", id="ideographic-space"),
        pytest.param("el\x00atla", id="nul"),
        pytest.param("el\x1batla", id="escape"),
        pytest.param("el/atla", id="slash"),
        pytest.param("el?atla", id="question-mark"),
        pytest.param("el#atla", id="hash"),
        pytest.param("el%atla", id="percent"),
        pytest.param("el\\atla", id="backslash"),
        pytest.param("me", id="reserved-me"),
        pytest.param("ME", id="reserved-in-capitals"),
        pytest.param("suggestions", id="reserved-suggestions"),
        pytest.param("4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f", id="looks-like-an-id"),
    ],
)
def test_a_username_that_breaks_the_rules_is_refused(visitor: Visitor, username: str) -> None:
    member = replace(new_member(), username=username)
    assert_refused(visitor.register(member), 422, "username")


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("{}@decoupled.dev", id="plain"),
        pytest.param("{}+posts@decoupled.dev", id="plus"),
        pytest.param("first.last.{}@decoupled.dev", id="dots"),
        pytest.param("{}@mail.eu.decoupled.dev", id="subdomains"),
        pytest.param("{}@de-coupled.dev", id="hyphen-in-domain"),
        pytest.param("Some.One.{}@Decoupled.Dev", id="capitals"),
        pytest.param("{}_-'@decoupled.dev", id="punctuation"),
        pytest.param("josé.{}@decoupled.dev", id="accents"),
        pytest.param("{}@bücher.dev", id="international-domain"),
    ],
)
def test_an_email_address_is_accepted(visitor: Visitor, pattern: str) -> None:
    member = replace(new_member(), email=pattern.format(unique_suffix()))
    assert_succeeded(visitor.register(member), 201, REGISTERED)


@pytest.mark.parametrize(
    "email",
    [
        pytest.param("", id="empty"),
        pytest.param("el_atla", id="no-at-sign"),
        pytest.param("@decoupled.dev", id="no-name"),
        pytest.param("el_atla@", id="no-domain"),
        pytest.param("el_atla@decoupled", id="no-top-level-domain"),
        pytest.param("el_atla@localhost", id="localhost"),
        pytest.param("el@atla@decoupled.dev", id="two-at-signs"),
        pytest.param("el atla@decoupled.dev", id="space-inside"),
        pytest.param("el_atla@decoupled .dev", id="space-in-domain"),
        pytest.param(".el_atla@decoupled.dev", id="dot-first"),
        pytest.param("el_atla.@decoupled.dev", id="dot-last"),
        pytest.param("el..atla@decoupled.dev", id="two-dots"),
        pytest.param("el_atla@.decoupled.dev", id="dot-before-domain"),
        pytest.param("el_atla@decoupled..dev", id="two-dots-in-domain"),
        pytest.param("el_atla@decoupled.dev.", id="dot-after-domain"),
        pytest.param("el_atla@-decoupled.dev", id="hyphen-before-domain"),
        pytest.param("el_atla@decoupled-.dev", id="hyphen-after-label"),
        pytest.param("el_atla@decou_pled.dev", id="underscore-in-domain"),
        pytest.param("el_atla@127.0.0.1", id="address-as-domain"),
        pytest.param("el_atla@[127.0.0.1]", id="address-in-brackets"),
        pytest.param("El Atla <el_atla@decoupled.dev>", id="display-name"),
        pytest.param("a@decoupled.dev,b@decoupled.dev", id="two-addresses"),
        pytest.param("a@decoupled.dev;b@decoupled.dev", id="two-with-semicolon"),
        pytest.param("el(x)atla@decoupled.dev", id="comment"),
        pytest.param("mailto:el_atla@decoupled.dev", id="mailto"),
        pytest.param("el_atla@decoupled,dev", id="comma-for-dot"),
        pytest.param("el_atla@decoupled.dev\nBcc: b@decoupled.dev", id="header-injection"),
        pytest.param("el\x00atla@decoupled.dev", id="nul"),
        pytest.param("el\u202eatla@decoupled.dev", id="right-to-left-override"),
        pytest.param(
            "e@" + ".".join(["d" * 60] * 4) + ".decoupled.dev", id="255-or-more-characters"
        ),
    ],
)
def test_something_else_than_an_email_address_is_refused(visitor: Visitor, email: str) -> None:
    member = replace(new_member(), email=email)
    assert_refused(visitor.register(member), 422, "email")


def test_a_taken_username_is_refused(visitor: Visitor, alice: Person) -> None:
    member = replace(new_member(), username=alice.member.username)
    body = assert_refused(visitor.register(member), 409, "username")
    assert body["code"] == "username_taken"


def test_a_username_taken_in_another_case_is_refused(visitor: Visitor, alice: Person) -> None:
    member = replace(new_member(), username=alice.member.username.upper())
    assert assert_refused(visitor.register(member), 409, "username")["code"] == "username_taken"


def test_a_username_taken_in_another_width_is_refused(visitor: Visitor, alice: Person) -> None:
    fullwidth_a = "\uff41"
    member = replace(new_member(), username=fullwidth_a + alice.member.username[1:])
    assert assert_refused(visitor.register(member), 409, "username")["code"] == "username_taken"


def test_a_taken_email_is_refused(visitor: Visitor, alice: Person) -> None:
    member = replace(new_member(), email=alice.member.email)
    assert assert_refused(visitor.register(member), 409, "email")["code"] == "email_taken"


def test_an_email_taken_in_another_case_is_refused(visitor: Visitor, alice: Person) -> None:
    member = replace(new_member(), email=alice.member.email.upper())
    assert assert_refused(visitor.register(member), 409, "email")["code"] == "email_taken"


def test_registering_does_not_sign_in(visitor: Visitor) -> None:
    answer = visitor.register(new_member())
    assert answer.is_success
    assert "Set-Cookie" not in answer.headers
    assert not visitor.is_signed_in()


def test_registering_asks_the_owner_of_the_address_to_confirm_it(
    visitor: Visitor, inbox: Inbox
) -> None:
    member = new_member()
    visitor.register(member)
    assert "/confirm-email?token=" in inbox.wait_for(member.email, "confirm_email").text


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_all_wrong_fields_are_named_at_once(visitor: Visitor, field: str) -> None:
    answer = visitor.register(Member("el atla", "nowhere", "short"))
    assert_refused(answer, 422, field)


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"id": "4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f"}, id="id"),
        pytest.param({"email_confirmed": True}, id="email-confirmed"),
        pytest.param({"is_admin": True}, id="is-admin"),
    ],
)
def test_nobody_gives_themselves_more_than_a_registration(
    visitor: Visitor, extra: dict[str, Any]
) -> None:
    member = new_member()
    fields = {"username": member.username, "password": member.password, "email": member.email}
    answer = visitor.send("POST", "/auth/register", fields | extra)
    assert_refused(answer, 422)
    assert not visitor.login(member).is_success
