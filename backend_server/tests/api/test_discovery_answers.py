"""How the routes of discovery pass on what heavy_computation says."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI
from scripted_heavy_computation import (
    ScriptedHeavyComputation,
    app_that_asks,
    running_scripted_heavy_computation,
)
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SUGGESTION_KIND_TAG,
    SUGGESTION_KIND_USERNAME,
    SUGGESTION_KIND_WORD,
    RelatedPost,
    RelatedResponse,
    SearchResponse,
    Suggestion,
    SuggestResponse,
)

from backend_server.circuit_breaker import FAILURES_TO_OPEN
from backend_server.config import Settings


@pytest.fixture
def heavy_computation() -> Iterator[ScriptedHeavyComputation]:
    with running_scripted_heavy_computation() as service:
        yield service


@pytest.fixture
def app(settings: Settings, heavy_computation: ScriptedHeavyComputation) -> Iterator[OpenAPI]:
    with app_that_asks(heavy_computation, settings) as app:
        yield app


def test_suggestions_are_passed_on_and_may_be_kept_for_a_moment(
    visitor: Browser, heavy_computation: ScriptedHeavyComputation
) -> None:
    heavy_computation.answers["Suggest"] = SuggestResponse(
        suggestions=[
            Suggestion(kind=SUGGESTION_KIND_TAG, text="owls", posts=7),
            Suggestion(kind=SUGGESTION_KIND_WORD, text="owl", posts=5, distance=1),
            Suggestion(kind=SUGGESTION_KIND_USERNAME, text="Owlbert", posts=2),
        ]
    )
    answer = visitor.get("/search/suggestions?q=owk&limit=3")
    assert answer.get_json()["data"] == [
        {"kind": "tag", "text": "owls", "posts": 7},
        {"kind": "word", "text": "owl", "posts": 5},
        {"kind": "username", "text": "Owlbert", "posts": 2},
    ]
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    (request,) = heavy_computation.requests["Suggest"]
    assert (request.typed, request.limit) == ("owk", 3)


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "q"), ("q=", "q"), (f"q={'x' * 101}", "q"), ("q=owl&limit=21", "limit")],
)
def test_suggestions_that_cannot_be_are_refused_by_field(
    visitor: Browser, query: str, field: str
) -> None:
    answer = visitor.get(f"/search/suggestions?{query}")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_related_posts_come_in_the_order_given_without_those_that_are_gone(
    alice: Person, bob: Person, visitor: Browser, heavy_computation: ScriptedHeavyComputation
) -> None:
    post, first, second, gone = (alice.write(f"Owl {number}") for number in range(4))
    bob.delete(f"/posts/{gone['id']}")
    alice.delete(f"/posts/{gone['id']}")
    heavy_computation.answers["Related"] = RelatedResponse(
        posts=[
            RelatedPost(post_id=each["id"], score=score)
            for score, each in ((3, second), (2, gone), (1, first))
        ]
    )
    answer = visitor.get(f"/posts/{post['id']}/related?limit=3")
    assert answer.get_json() == {"message": "Got posts!", "data": [second, first]}
    assert visitor.get(f"/posts/{gone['id']}/related").status_code == 404


def test_a_post_that_the_index_has_yet_to_hear_of_has_no_related_ones(
    alice: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    heavy_computation.answers["Related"] = grpc.StatusCode.NOT_FOUND
    post = alice.write("Owls")
    assert alice.get(f"/posts/{post['id']}/related").get_json()["data"] == []


def test_the_language_is_passed_on(
    visitor: Browser, heavy_computation: ScriptedHeavyComputation
) -> None:
    heavy_computation.answers["Search"] = SearchResponse()
    assert visitor.get("/search/posts?q=owl&language=es").status_code == 200
    assert heavy_computation.requests["Search"][0].language == "es"
    answer = visitor.get("/search/posts?q=owl&language=Spanish")
    assert list(answer.get_json()["errors"]) == ["language"]


@pytest.mark.parametrize(
    "status", [grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED]
)
def test_a_service_with_too_much_to_do_is_not_replaced(
    visitor: Browser, heavy_computation: ScriptedHeavyComputation, status: grpc.StatusCode
) -> None:
    heavy_computation.answers["Search"] = status
    answer = visitor.get("/search/posts?q=owl")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "search_busy"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_broken_service_is_spared_and_the_newest_posts_are_searched(
    alice: Person, heavy_computation: ScriptedHeavyComputation
) -> None:
    heavy_computation.answers["Search"] = grpc.StatusCode.INTERNAL
    alice.write("Owls")
    for _ in range(2 * FAILURES_TO_OPEN):
        answer = alice.get("/search/posts?q=owl").get_json()
        assert answer["degraded"] is True
        assert len(answer["data"]) == 1
    assert len(heavy_computation.requests["Search"]) < 2 * FAILURES_TO_OPEN
