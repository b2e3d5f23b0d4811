"""What a session is worth, and when it ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any

import jwt
import psycopg
import pytest
import redis
from backend_people import Browser, Person
from backend_settings import ENVIRONMENT
from every_route import every_route
from flask_openapi.openapi import OpenAPI
from local_stack.valkey import Valkey

from backend_server.app import create_app
from backend_server.config import Keys, Secret, Settings
from backend_server.sessions.model import MOST_SESSIONS
from backend_server.sessions.tokens import id_of

DAY = 24 * 3600


def token_of(person: Person) -> str:
    cookie = person.client.get_cookie("session")
    assert cookie
    return cookie.value


def status_with(app: OpenAPI, token: str) -> int:
    browser = Browser(app)
    browser.client.set_cookie("session", token)
    return browser.get("/auth/session").status_code


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def forge(claims: dict[str, Any], key: str = ENVIRONMENT["SESSION_KEY"], **header: str) -> str:
    return jwt.encode(claims, key, algorithm="HS256", headers=header or None)


def test_who_signs_in_is_known_from_then_on(alice: Person) -> None:
    answer = alice.get("/auth/session")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "message": "Signed in.",
        "data": {
            "id": alice.id,
            "username": "Alice",
            "email": "alice@decoupled.dev",
            "email_confirmed": False,
            "language": "en",
        },
    }


def test_who_is_not_signed_in_is_told_so(visitor: Browser) -> None:
    answer = visitor.get("/auth/session")
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "not_signed_in"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(alice: Person) -> None:
    cookie = alice.try_to_log_in(alice.password).headers["Set-Cookie"]
    parts = {part.split("=")[0] for part in cookie.split("; ")}
    assert parts == {"session", "Expires", "Max-Age", "HttpOnly", "Path", "SameSite"}
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert len(cookie.split(";")[0]) <= 4096


def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    app = create_app(replace(settings, public_url="https://decoupled.example"))
    answer = Person(app, "Alice").register().try_to_log_in("correct-horse-battery")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "; Secure" in cookie
    assert "Domain" not in cookie
    app.extensions["services"].close()


def test_who_signs_out_is_a_stranger_even_with_the_old_cookie(app: OpenAPI, alice: Person) -> None:
    token = token_of(alice)
    answer = alice.post("/auth/logout")
    assert answer.get_json() == {"message": "Logged out successfully!"}
    assert "session=;" in answer.headers["Set-Cookie"]
    assert not alice.is_signed_in()
    assert status_with(app, token) == 401


def test_signing_out_ends_this_session_only(alice: Person) -> None:
    phone = alice.in_another_browser().log_in()
    alice.post("/auth/logout")
    assert phone.is_signed_in()


def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(
    app: OpenAPI, alice: Person
) -> None:
    old = token_of(alice)
    alice.log_in()
    assert claims_of(token_of(alice))["sid"] != claims_of(old)["sid"]
    assert status_with(app, old) == 401


def test_a_session_that_redis_does_not_know_is_none(alice: Person, valkey: redis.Redis) -> None:
    valkey.flushall()
    assert not alice.is_signed_in()


@pytest.mark.usefixtures("alice")
def test_every_key_in_redis_expires(valkey: redis.Redis) -> None:
    keys = valkey.keys()
    assert {key.decode().split(":")[0] for key in keys} == {"session", "sessions_of", "limits"}
    assert all(0 < valkey.ttl(key) <= 30 * DAY for key in keys)


def test_a_session_lives_a_week_after_each_use(alice: Person, valkey: redis.Redis) -> None:
    [key] = valkey.keys("session:*")
    valkey.expire(key, 10)
    assert alice.is_signed_in()
    assert 7 * DAY - 60 < valkey.ttl(key) <= 7 * DAY


def test_a_session_knows_its_member_its_start_and_its_browser(
    alice: Person, valkey: redis.Redis
) -> None:
    [key] = valkey.keys("session:*")
    kept = {name.decode(): value.decode() for name, value in valkey.hgetall(key).items()}
    assert kept.keys() == {"user_id", "started_at", "user_agent"}
    assert kept["user_id"] == claims_of(token_of(alice))["sub"]
    assert abs(int(kept["started_at"]) - time.time()) < 60


@pytest.mark.parametrize(("age", "status"), [(30 * DAY - 1, 200), (30 * DAY, 401)])
def test_use_does_not_prolong_a_session_beyond_its_absolute_end(
    app: OpenAPI, alice: Person, valkey: redis.Redis, age: int, status: int
) -> None:
    """Redis knows its age, whatever the token says."""
    [key] = valkey.keys("session:*")
    now = time.time()
    # A whole second later the first case would be the second.
    time.sleep(1 - now % 1)
    valkey.hset(key, "started_at", int(time.time()) - age)
    claims = {**claims_of(token_of(alice)), "exp": int(now) + DAY}
    assert status_with(app, forge(claims)) == status


@pytest.mark.parametrize(("idle", "status"), [(7 * DAY - 1, 200), (7 * DAY, 401)])
def test_a_session_ends_after_a_week_without_use(
    alice: Person, valkey: redis.Redis, idle: int, status: int
) -> None:
    """Redis's clock cannot be moved, so the session's last use is."""
    [key] = valkey.keys("session:*")
    valkey.pexpireat(key, int((time.time() + 7 * DAY - idle) * 1000))
    assert alice.get("/auth/session").status_code == status


@pytest.mark.parametrize(("left", "status"), [(2, 200), (0, 401), (-1, 401)])
def test_a_token_ends_to_the_second(app: OpenAPI, alice: Person, left: int, status: int) -> None:
    claims = {**claims_of(token_of(alice)), "exp": int(time.time()) + left}
    assert status_with(app, forge(claims)) == status


def test_a_session_id_is_256_random_bits(alice: Person) -> None:
    ids = [claims_of(token_of(alice.log_in()))["sid"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(len(base64.urlsafe_b64decode(f"{each}=")) == 32 for each in ids)


def test_without_redis_no_route_for_members_answers_one(
    app: OpenAPI, alice: Person, valkey_server: Valkey
) -> None:
    """Bar S10: a good signature alone lets nobody in, anywhere."""
    routes = [route for route in every_route(app) if route.needs_a_session]
    assert len(routes) > 10
    valkey_server.kill()
    try:
        for route in routes:
            body = {} if route.is_safe else {"json": route.body or {}}
            answer = alice.client.open(route.path(), method=route.method, **body)
            assert answer.status_code == 503, route
            assert answer.get_json()["code"] == "part_unavailable"
    finally:
        valkey_server.start()


def test_without_redis_nobody_is_let_in_and_nobody_is_a_stranger(
    alice: Person, valkey_server: Valkey
) -> None:
    valkey_server.kill()
    try:
        answers = [alice.get("/auth/session"), alice.post("/auth/logout")]
        answers.append(alice.try_to_log_in(alice.password))
        assert [each.status_code for each in answers] == [503] * 3
        assert answers[0].get_json()["code"] == "part_unavailable"
        assert "Retry-After" in answers[0].headers
    finally:
        valkey_server.start()
    assert alice.is_signed_in()


def test_beyond_the_most_sessions_the_oldest_ends(alice: Person) -> None:
    others = [alice.in_another_browser().log_in() for _ in range(MOST_SESSIONS - 1)]
    assert alice.is_signed_in()
    newest = alice.in_another_browser().log_in()
    assert not alice.is_signed_in()
    assert all(each.is_signed_in() for each in [*others, newest])


def test_sessions_that_ended_by_idling_make_room_first(alice: Person, valkey: redis.Redis) -> None:
    idle = [alice.in_another_browser().log_in() for _ in range(MOST_SESSIONS - 1)]
    for each in idle:
        valkey.delete(f"session:{claims_of(token_of(each))['sid']}")
    alice.in_another_browser().log_in()
    assert alice.is_signed_in()


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(each).encode()) for each in parts)
    return b".".join(each.rstrip(b"=") for each in encoded).decode() + "."


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "somebody-else"},
        {"typ": "unsubscribe"},
        {"exp": 1},
        {"sid": "another-session-id-that-is-long-enough"},
        {"sub": "01920000-0000-7000-8000-000000000000"},
        {"sub": "not-a-uuid"},
        {"sid": 5},
        {"iat": 99_999_999_999},
    ],
)
def test_a_token_with_another_claim_is_worth_nothing(
    app: OpenAPI, alice: Person, change: dict[str, Any]
) -> None:
    claims = claims_of(token_of(alice))
    assert status_with(app, forge(claims)) == 200
    assert status_with(app, forge({**claims, **change})) == 401


@pytest.mark.parametrize("claim", ["sub", "sid", "iat", "exp", "aud", "typ"])
def test_a_token_without_a_claim_is_worth_nothing(app: OpenAPI, alice: Person, claim: str) -> None:
    claims = claims_of(token_of(alice))
    del claims[claim]
    assert status_with(app, forge(claims)) == 401


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256"])
def test_a_token_that_names_another_algorithm_is_worth_nothing(
    app: OpenAPI, alice: Person, algorithm: str
) -> None:
    """Whether it is signed with our key as if it were of ours, or not at all. RFC 8725, 3.1."""
    head, body, signature = token_of(alice).split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    other_head = header.rstrip(b"=").decode()
    assert status_with(app, f"{head}.{body}.{signature}") == 200
    key = ENVIRONMENT["SESSION_KEY"].encode()
    ours = hmac.digest(key, f"{other_head}.{body}".encode(), hashlib.sha256)
    signed = base64.urlsafe_b64encode(ours).rstrip(b"=").decode()
    for each in (signed, signature, ""):
        assert status_with(app, f"{other_head}.{body}.{each}") == 401


def test_who_signed_in_before_the_key_was_changed_stays_signed_in(
    app: OpenAPI, settings: Settings, alice: Person
) -> None:
    newer = Secret("a newer key for sessions in tests, for nothing else")
    old_token = token_of(alice)
    rotated = create_app(
        replace(settings, session_key=Keys(newer, older=settings.session_key.each))
    )
    retired = create_app(replace(settings, session_key=Keys(newer)))
    try:
        for token in (old_token, forge(claims_of(old_token))):
            assert status_with(rotated, token) == 200
            assert status_with(retired, token) == 401
        phone = Person(rotated, "Alice")
        phone.log_in()
        assert jwt.get_unverified_header(token_of(phone))["kid"] == id_of(newer)
        assert status_with(app, token_of(phone)) == 401
        assert status_with(retired, token_of(phone)) == 200
    finally:
        for each in (rotated, retired):
            each.extensions["services"].close()


@pytest.mark.parametrize("header", ["jwk", "jku", "x5u", "kid"])
def test_a_token_cannot_bring_its_own_key(app: OpenAPI, alice: Person, header: str) -> None:
    own_key = "a key of somebody else, of more than thirty-two bytes"
    claims = claims_of(token_of(alice))
    value = {"jwk": own_key, "jku": "https://evil.example/keys", "x5u": "/dev/null"}.get(header)
    assert status_with(app, forge(claims, own_key, **{header: value or "../../dev/null"})) == 401


def test_a_token_with_another_signature_or_none_is_worth_nothing(
    app: OpenAPI, alice: Person
) -> None:
    token = token_of(alice)
    claims = claims_of(token)
    assert status_with(app, unsigned(claims)) == 401
    assert status_with(app, forge(claims, ENVIRONMENT["LINK_KEY"])) == 401
    assert status_with(app, jwt.encode(claims, ENVIRONMENT["SESSION_KEY"] * 2, "HS512")) == 401
    head, body, signature = token.split(".")
    assert status_with(app, f"{head}.{body}.{signature[::-1]}") == 401
    assert status_with(app, f"{head}.{body}.") == 401
    assert status_with(app, "not a token") == 401


def test_a_deleted_member_is_not_signed_in(alice: Person, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from users")
    assert not alice.is_signed_in()
