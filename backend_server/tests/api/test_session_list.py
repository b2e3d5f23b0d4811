"""A member sees where they are signed in, and signs out from afar."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import jwt
import pytest
import redis
from backend_people import Browser, Person

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def sign_in_with(person: Person, user_agent: str) -> Person:
    person.client.environ_base["HTTP_USER_AGENT"] = user_agent
    return person.log_in()


def sessions_of(person: Person) -> list[dict[str, Any]]:
    answer = person.get("/auth/sessions")
    assert answer.status_code == 200
    sessions: list[dict[str, Any]] = answer.get_json()["data"]
    return sessions


def sid_of(person: Person) -> str:
    cookie = person.client.get_cookie("session")
    assert cookie
    sid: str = jwt.decode(cookie.value, options={"verify_signature": False})["sid"]
    return sid


def test_each_browser_is_listed_this_one_first(alice: Person) -> None:
    phone = sign_in_with(alice.in_another_browser(), SAFARI)
    sign_in_with(alice, FIREFOX)
    names = [(each["browser"], each["system"], each["is_current"]) for each in sessions_of(alice)]
    assert names == [("Firefox", "Linux", True), ("Safari", "iOS", False)]
    assert [each["is_current"] for each in sessions_of(phone)] == [True, False]


def test_the_list_says_when_each_began_and_was_last_used(
    alice: Person, valkey: redis.Redis
) -> None:
    phone = alice.in_another_browser().log_in()
    key = f"session:{sid_of(phone)}"
    week = 7 * 24 * 3600
    valkey.hset(key, "started_at", int(time.time()) - 7200)
    valkey.expireat(key, int(time.time()) + week - 3600)
    _, other = sessions_of(alice)
    began, seen = (datetime.fromisoformat(other[name]) for name in ("started_at", "last_seen_at"))
    assert 3600 - 60 < (seen - began).total_seconds() < 3600 + 60
    assert phone.is_signed_in()
    _, other = sessions_of(alice)
    assert time.time() - datetime.fromisoformat(other["last_seen_at"]).timestamp() < 60


def test_an_id_in_the_list_is_not_the_one_that_signs_in(alice: Person, valkey: redis.Redis) -> None:
    [session] = sessions_of(alice)
    assert sid_of(alice) not in alice.get("/auth/sessions").text
    assert valkey.keys(f"*{session['id']}*") == []


def test_one_browser_is_signed_out_from_another(alice: Person) -> None:
    phone = alice.in_another_browser().log_in()
    tablet = alice.in_another_browser().log_in()
    [phone_session] = [each for each in sessions_of(phone) if each["is_current"]]
    answer = alice.delete(f"/auth/sessions/{phone_session['id']}")
    assert answer.get_json() == {"message": "Session ended!"}
    assert not phone.is_signed_in()
    assert tablet.is_signed_in()
    assert alice.is_signed_in()
    assert len(sessions_of(alice)) == 2
    assert alice.delete(f"/auth/sessions/{phone_session['id']}").status_code == 404


def test_ending_this_session_takes_the_cookie_too(alice: Person) -> None:
    [session] = sessions_of(alice)
    answer = alice.delete(f"/auth/sessions/{session['id']}")
    assert "session=;" in answer.headers["Set-Cookie"]
    assert not alice.is_signed_in()


def test_all_other_browsers_are_signed_out_at_once(alice: Person) -> None:
    others = [alice.in_another_browser().log_in() for _ in range(3)]
    assert alice.delete("/auth/sessions").get_json() == {"message": "Signed out everywhere else!"}
    assert not any(each.is_signed_in() for each in others)
    assert alice.is_signed_in()
    assert len(sessions_of(alice)) == 1


def test_nobody_ends_the_session_of_another_member(alice: Person, bob: Person) -> None:
    [session] = sessions_of(alice)
    assert bob.delete(f"/auth/sessions/{session['id']}").status_code == 404
    assert bob.delete("/auth/sessions").status_code == 200
    assert alice.is_signed_in()
    assert [each["is_current"] for each in sessions_of(bob)] == [True]


@pytest.mark.parametrize("name", ["x", "0" * 32, "%00", "é"])
def test_what_names_no_session_is_not_found(alice: Person, name: str) -> None:
    assert alice.delete(f"/auth/sessions/{name}").status_code in (404, 422)
    assert alice.is_signed_in()


def test_sessions_that_have_ended_are_not_listed(alice: Person, valkey: redis.Redis) -> None:
    idle, too_old = (alice.in_another_browser().log_in() for _ in range(2))
    valkey.delete(f"session:{sid_of(idle)}")
    valkey.hset(f"session:{sid_of(too_old)}", "started_at", int(time.time()) - 30 * 24 * 3600)
    assert [each["is_current"] for each in sessions_of(alice)] == [True]


def test_a_visitor_has_no_sessions_to_list_or_end(visitor: Browser) -> None:
    assert visitor.get("/auth/sessions").status_code == 401
    assert visitor.delete("/auth/sessions").status_code == 401
    assert visitor.delete("/auth/sessions/x").status_code == 401


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (FIREFOX, "Firefox", "Linux"),
        (SAFARI, "Safari", "iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge", "Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari", "Chrome", "Android"),
        ("curl/8.5.0", "curl", None),
        ("", None, None),
        ("<script>alert(1)</script>", None, None),
    ],
)
def test_a_browser_is_named_when_it_is_known(
    alice: Person, user_agent: str, browser: str | None, system: str | None
) -> None:
    sign_in_with(alice, user_agent)
    [session] = sessions_of(alice)
    assert (session["browser"], session["system"]) == (browser, system)
