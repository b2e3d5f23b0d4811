"""A post that nearly repeats another, as heavy_computation would find it."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from backend_database import Tables
from backend_people import Person
from flask_openapi.openapi import OpenAPI
from scripted_heavy_computation import (
    ScriptedHeavyComputation,
    app_that_asks,
    running_scripted_heavy_computation,
)
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    CheckDuplicateResponse,
    NearCopy,
)
from werkzeug.test import TestResponse

from backend_server.circuit_breaker import FAILURES_TO_OPEN
from backend_server.commands import near_copies
from backend_server.config import Settings

TITLE = "Owls see in the dark"
CONTENT = "Their eyes are large and fixed, so they turn their heads instead."
AN_HOUR_SECONDS = 3600


@pytest.fixture
def heavy_computation() -> Iterator[ScriptedHeavyComputation]:
    with running_scripted_heavy_computation() as service:
        yield service


@pytest.fixture
def app(settings: Settings, heavy_computation: ScriptedHeavyComputation) -> Iterator[OpenAPI]:
    with app_that_asks(heavy_computation, settings) as app:
        yield app


def near_copy(post: dict[str, Any], hours_ago: int = 1) -> NearCopy:
    written_at = time.time() - hours_ago * AN_HOUR_SECONDS
    return NearCopy(
        post_id=post["id"],
        author_id=post["author_id"],
        similarity=0.97,
        created_at_ms=int(written_at * 1000),
    )


def post(person: Person, **options: Any) -> TestResponse:
    return person.post("/posts", {"title": TITLE, "content": CONTENT, **options})


def test_a_repeated_post_is_refused_for_those_who_ask_for_it(
    alice: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    first = alice.write(TITLE, CONTENT)
    heavy_computation.answers["CheckDuplicate"] = CheckDuplicateResponse(
        near_copies=[near_copy(first)]
    )
    answer = post(alice, allow_duplicate=False)
    assert answer.status_code == 409
    assert answer.get_json() == {
        "message": "You posted nearly the same a short while ago.",
        "code": "near_copy",
        "details": {"post_id": first["id"]},
    }
    assert len(alice.get("/posts").get_json()["data"]) == 1
    assert post(alice, allow_duplicate=True).status_code == 201
    assert post(alice).status_code == 201


def test_what_one_posted_a_day_ago_may_be_said_again(
    alice: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    first = alice.write(TITLE, CONTENT)
    heavy_computation.answers["CheckDuplicate"] = CheckDuplicateResponse(
        near_copies=[near_copy(first, hours_ago=25)]
    )
    answer = post(alice, allow_duplicate=False)
    assert answer.status_code == 201
    assert answer.get_json()["data"]["near_copy_of"] is None


def test_a_copy_of_somebody_elses_post_refers_to_it_as_long_as_it_is_there(
    alice: Person, bob: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    original, own = alice.write(TITLE, CONTENT), bob.write("Owls", CONTENT)
    heavy_computation.answers["CheckDuplicate"] = CheckDuplicateResponse(
        near_copies=[near_copy(own, hours_ago=30), near_copy(original)]
    )
    copy = post(bob, allow_duplicate=False).get_json()["data"]
    assert copy["near_copy_of"] == original["id"]
    assert bob.get(f"/posts/{copy['id']}").get_json()["data"] == copy
    alice.delete(f"/posts/{original['id']}")
    assert bob.get(f"/posts/{copy['id']}").get_json()["data"]["near_copy_of"] is None


def test_an_operator_sees_what_was_copied_from_whom(
    alice: Person,
    bob: Person,
    heavy_computation: ScriptedHeavyComputation,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    original = alice.write(TITLE, CONTENT)
    heavy_computation.answers["CheckDuplicate"] = CheckDuplicateResponse(
        near_copies=[near_copy(original)]
    )
    copy = post(bob).get_json()["data"]
    capsys.readouterr()
    monkeypatch.setenv("DATABASE_URL", database_url)
    near_copies.run(Namespace(days=7))
    (line,) = capsys.readouterr().out.splitlines()
    for each in ("Bob", copy["id"], "Alice", original["id"], repr(TITLE)):
        assert each in line


def test_a_copy_of_a_post_that_is_gone_refers_to_nothing(
    bob: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    gone = {"id": str(uuid4()), "author_id": str(uuid4())}
    heavy_computation.answers["CheckDuplicate"] = CheckDuplicateResponse(
        near_copies=[near_copy(gone)]
    )
    answer = post(bob)
    assert answer.status_code == 201
    assert answer.get_json()["data"]["near_copy_of"] is None


def test_a_greeting_is_nobodys(
    alice: Person, bob: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    greeting = alice.write("Good morning!", "To all")
    heavy_computation.answers["CheckDuplicate"] = CheckDuplicateResponse(
        near_copies=[near_copy(greeting)]
    )
    assert bob.write("Good morning!", "To all")["near_copy_of"] is None
    assert "CheckDuplicate" not in heavy_computation.requests


@pytest.mark.parametrize(
    "status",
    [
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.INVALID_ARGUMENT,
    ],
)
def test_a_check_that_fails_holds_nobody_up(
    alice: Person, heavy_computation: ScriptedHeavyComputation, status: grpc.StatusCode
) -> None:
    heavy_computation.answers["CheckDuplicate"] = status
    assert post(alice, allow_duplicate=False).status_code == 201


def test_a_check_that_hangs_is_soon_not_made_any_more(
    alice: Person, heavy_computation: ScriptedHeavyComputation, tables: Tables
) -> None:
    heavy_computation.held.add("CheckDuplicate")
    for _ in range(3 * FAILURES_TO_OPEN):
        assert post(alice).status_code == 201
    assert len(heavy_computation.requests["CheckDuplicate"]) < 2 * FAILURES_TO_OPEN
    assert tables.count("posts") == 3 * FAILURES_TO_OPEN
