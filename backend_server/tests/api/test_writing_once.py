"""A post that is sent again because its answer was lost is written once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from backend_database import Tables
from backend_people import Person
from werkzeug.test import TestResponse

from backend_server.notifications.use_cases import FAN_OUT_POST

POST = {"title": "A title", "content": "Some content"}


def send(person: Person, key: str, body: object = POST, path: str = "/posts") -> TestResponse:
    return person.post(path, body, headers={"Idempotency-Key": key})


def test_the_same_request_again_gets_the_first_answer(alice: Person, tables: Tables) -> None:
    first, again = send(alice, '"k-1"'), send(alice, '"k-1"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.headers["Location"] == again.headers["Location"]
    assert tables.count("posts") == 1
    assert tables.queued(FAN_OUT_POST) == 1


def test_the_first_answer_stays_when_the_post_has_changed_or_gone(
    alice: Person, tables: Tables
) -> None:
    first = send(alice, "k")
    path = f"/posts/{first.get_json()['data']['id']}"
    alice.patch(path, {"title": "Another"})
    assert send(alice, "k").data == first.data
    alice.delete(path)
    assert send(alice, "k").data == first.data
    assert tables.count("posts") == 0


def test_another_request_under_the_same_key_is_a_conflict(alice: Person, tables: Tables) -> None:
    send(alice, "k")
    answer = send(alice, "k", {**POST, "content": "Other content"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency_key_reused")
    assert tables.count("posts") == 1


def test_a_key_is_its_members_own(alice: Person, bob: Person, tables: Tables) -> None:
    send(alice, "k")
    assert send(bob, "k", {**POST, "content": "Other content"}).status_code == 201
    assert tables.count("posts") == 2


def test_without_a_key_each_request_is_a_post(alice: Person, tables: Tables) -> None:
    alice.post("/posts", POST)
    alice.post("/posts", POST)
    assert tables.count("posts") == 2


def test_the_alias_knows_the_same_keys(alice: Person, tables: Tables) -> None:
    assert send(alice, "k").data == send(alice, "k", path="/messages/").data
    assert tables.count("posts") == 1


def test_a_refused_request_uses_no_key_up(alice: Person) -> None:
    assert send(alice, "k", {"title": "", "content": "x"}).status_code == 422
    assert send(alice, "k").status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "é", "k" * 256])
def test_what_is_no_key_is_refused_by_name(alice: Person, tables: Tables, key: str) -> None:
    answer = send(alice, key)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["Idempotency-Key"]
    assert tables.count("posts") == 0


def test_twenty_requests_at_once_with_one_key_make_one_post(alice: Person, tables: Tables) -> None:
    together = threading.Barrier(20)
    cookie = alice.client.get_cookie("session")
    assert cookie is not None

    def write(_number: int) -> bytes:
        other = type(alice)(alice.app, alice.username)
        other.client.set_cookie("session", cookie.value)
        together.wait()
        answer = send(other, "k")
        assert answer.status_code == 201, answer.text
        return answer.data

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(write, range(20)))) == 1
    assert tables.count("posts") == 1
    assert tables.queued(FAN_OUT_POST) == 1
