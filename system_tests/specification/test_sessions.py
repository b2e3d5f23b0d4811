"""What counts as a session: a signed cookie whose session the server still knows."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.deployment import Deployment
from system_tests.inbox import Inbox
from system_tests.person import Person
from system_tests.visitor import Visitor

LONG_AGO = 1_000_000_000  # Unix time, in seconds: 2001.
FAR_AHEAD = 4_000_000_000  # 2096.


def cookie_of(person: Person) -> tuple[str, str]:
    """Returns the name and the value of somebody's session cookie."""
    (cookie,) = person.http.cookies.jar
    assert cookie.value is not None
    return cookie.name, cookie.value


def status_with_cookie(deployment: Deployment, name: str, value: str) -> int:
    """Returns what posting with a cookie from elsewhere gets; the shape of a refusal is checked."""
    with Visitor(deployment.url) as thief:
        thief.http.headers["Cookie"] = f"{name}={value}"
        answer = thief.post_message("From another machine")
    if not answer.is_success:
        assert_refused(answer, answer.status_code)
    return answer.status_code


def decoded(part: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """Returns a JWT with an HMAC-SHA-256 signature (RFC 7515)."""
    message = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    return f"{message}.{encoded(hmac.digest(key, message.encode(), hashlib.sha256))}"


def forge(change: Callable[[dict[str, Any], dict[str, Any]], str]) -> Callable[[str], str]:
    """Makes a forger of tokens out of a function of the header and the claims of a genuine one."""

    def forged(token: str) -> str:
        header, claims, _ = token.split(".")
        return change(decoded(header), decoded(claims))

    return forged


def with_other_claims(**changes: Any) -> Callable[[str], str]:
    """Changes claims and keeps the signature."""

    def forged(token: str) -> str:
        header, claims, signature = token.split(".")
        changed = decoded(claims) | changes
        return f"{header}.{encoded(json.dumps(changed).encode())}.{signature}"

    return forged


def unsigned(algorithm: str) -> Callable[[str], str]:
    def change(header: dict[str, Any], claims: dict[str, Any]) -> str:
        parts = (header | {"alg": algorithm}, claims)
        return ".".join(encoded(json.dumps(part).encode()) for part in parts) + "."

    return forge(change)


def signed_with(key: bytes, **changes: Any) -> Callable[[str], str]:
    return forge(lambda header, claims: signed(header, claims | changes, key))


FORGERIES = [
    pytest.param(lambda _: "", id="empty"),
    pytest.param(lambda _: "not-a-token", id="not-a-token"),
    pytest.param(lambda _: "..", id="only-dots"),
    pytest.param(lambda token: token[:-4], id="cut-off"),
    pytest.param(lambda token: token.rpartition(".")[0] + ".", id="without-signature"),
    pytest.param(lambda token: token.rpartition(".")[0] + "." + "A" * 43, id="wrong-signature"),
    pytest.param(unsigned("none"), id="algorithm-none"),
    pytest.param(unsigned("None"), id="algorithm-None"),
    pytest.param(unsigned("HS256"), id="unsigned-HS256"),
    pytest.param(with_other_claims(exp=FAR_AHEAD), id="longer-life"),
    pytest.param(with_other_claims(exp=LONG_AGO), id="expired"),
    pytest.param(with_other_claims(sub="4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f"), id="other-member"),
    pytest.param(signed_with(b""), id="signed-with-nothing"),
    pytest.param(signed_with(b"secret"), id="signed-with-a-guess"),
    pytest.param(signed_with(b"0" * 32, exp=LONG_AGO), id="expired-with-another-key"),
    pytest.param(lambda _: "x" * 5000, id="too-long"),
]


@pytest.mark.parametrize("forge_token", FORGERIES)
def test_a_forged_session_is_refused(
    deployment: Deployment, alice: Person, forge_token: Callable[[str], str]
) -> None:
    name, token = cookie_of(alice)
    assert status_with_cookie(deployment, name, forge_token(token)) == 401


def test_the_genuine_cookie_works_from_another_machine(
    deployment: Deployment, alice: Person
) -> None:
    assert status_with_cookie(deployment, *cookie_of(alice)) == 201


def test_a_cookie_under_another_name_is_no_session(deployment: Deployment, alice: Person) -> None:
    assert status_with_cookie(deployment, "token", cookie_of(alice)[1]) == 401


def test_the_cookie_of_a_session_that_was_logged_out_is_refused(
    deployment: Deployment, bob: Person
) -> None:
    name, value = cookie_of(bob)
    assert_succeeded(bob.send("POST", "/auth/logout"), 200, "Logged out successfully!")
    assert status_with_cookie(deployment, name, value) == 401
    assert not bob.is_signed_in()


def test_logging_out_of_one_session_keeps_the_other(deployment: Deployment, bob: Person) -> None:
    with Person(deployment.url, bob.member) as bob_elsewhere:
        bob_elsewhere.sign_in()
        assert bob_elsewhere.send("POST", "/auth/logout").is_success
        assert bob.is_signed_in()


def test_a_new_login_ends_the_session_that_it_replaces(deployment: Deployment, bob: Person) -> None:
    name, value = cookie_of(bob)
    bob.sign_in()
    assert status_with_cookie(deployment, name, value) == 401


def test_the_session_of_before_a_reset_is_refused(
    deployment: Deployment, bob: Person, inbox: Inbox
) -> None:
    name, value = cookie_of(bob)
    bob.send_reset_token(bob.member.email)
    code = inbox.wait_for(bob.member.email, "reset_code").reset_code
    assert bob.restart_password(bob.member.email, code, "another-horse-battery").is_success
    assert status_with_cookie(deployment, name, value) == 401


def test_the_session_of_one_member_does_not_act_for_another(alice: Person, bob: Person) -> None:
    session = assert_succeeded(bob.get("/auth/session"), 200, "Signed in.")["data"]
    assert session["username"] == bob.member.username
    assert session["email"] == bob.member.email
    assert session["email_confirmed"] is False
    assert alice.get("/auth/session").json()["data"]["username"] == alice.member.username


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/session"),
        ("GET", "/feed"),
        ("POST", "/auth/logout"),
        ("POST", "/auth/send-confirmation"),
        ("PUT", "/users/el_atla/follow"),
    ],
)
def test_a_route_for_members_refuses_visitors(visitor: Visitor, method: str, path: str) -> None:
    answer = visitor.get(path) if method == "GET" else visitor.send(method, path)
    assert_refused(answer, 401)
