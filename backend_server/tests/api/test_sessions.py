"""What a session is worth, and when it ends."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import cast

import psycopg
import pytest
import redis
from backend_people import Browser, Person
from every_route import every_route
from flask_openapi.openapi import OpenAPI
from local_stack.valkey import Valkey
from session_tokens import claims_of, forge, status_with, token_of

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.sessions.model import MOST_SESSIONS

DAY = 24 * 3600


def log_size(valkey: redis.Redis) -> int:
    """Of the file that Redis begins again from, in bytes."""
    return cast("dict[str, int]", valkey.info("persistence"))["aof_current_size"]


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


def test_who_is_signed_in_makes_redis_write_once_a_minute(
    alice: Person, valkey: redis.Redis
) -> None:
    [key] = valkey.keys("session:*")
    written = log_size(valkey)
    assert alice.is_signed_in()
    assert log_size(valkey) == written
    valkey.expire(key, 7 * DAY - 60)
    written = log_size(valkey)
    assert alice.is_signed_in()
    assert log_size(valkey) > written


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


def test_a_deleted_member_is_not_signed_in(alice: Person, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from users")
    assert not alice.is_signed_in()
