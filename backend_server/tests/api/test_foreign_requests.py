"""No other site acts for a member, on any route, by any trick of a browser."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
import redis
from backend_database import Tables
from backend_people import Person
from backend_settings import PUBLIC_URL
from every_route import Route, every_route, unsafe_routes
from flask_openapi.openapi import OpenAPI

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.cross_origin import EXEMPT_ENDPOINTS

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC_URL},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8081"},
    {"Origin": "http://LOCALHOST:8080.evil.example"},
]
NOT_JSON = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-patch+json",
    "application/json; charset=utf-16",
    "text/plain; application/json",
]


def guarded_routes(app: OpenAPI) -> list[Route]:
    return [each for each in unsafe_routes(app) if each.endpoint not in EXEMPT_ENDPOINTS]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_a_browser_marks_as_foreign_is_refused_on_every_unsafe_route(
    app: OpenAPI, alice: Person, tables: Tables, headers: dict[str, str]
) -> None:
    """Bar S11."""
    routes = guarded_routes(app)
    assert len(routes) > 15
    before = tables.everything()
    for route in routes:
        answer = alice.client.open(
            route.path(), method=route.method, json=route.body or {}, headers=headers
        )
        assert answer.status_code == 403, route
        assert answer.get_json()["code"] == "foreign_origin"
    assert alice.is_signed_in()
    assert tables.everything() == before


@pytest.mark.parametrize("content_type", NOT_JSON)
def test_what_a_form_can_send_is_refused_on_every_unsafe_route(
    app: OpenAPI, alice: Person, tables: Tables, content_type: str
) -> None:
    before = tables.everything()
    for route in guarded_routes(app):
        answer = alice.client.open(
            route.path(),
            method=route.method,
            data=orjson.dumps(route.body or {}),
            content_type=content_type,
        )
        assert answer.status_code == 415, route
    assert alice.is_signed_in()
    assert tables.everything() == before


def test_only_what_carries_its_own_proof_is_exempt(app: OpenAPI) -> None:
    """No cookie is looked at there: the token in the link is the proof."""
    exempt = [each for each in unsafe_routes(app) if each.endpoint in EXEMPT_ENDPOINTS]
    assert [str(each) for each in exempt] == ["POST /notifications/unsubscribe/<token>"]
    assert not any(each.needs_a_session for each in exempt)


def test_asking_changes_nothing_on_any_route(
    app: OpenAPI, alice: Person, tables: Tables, valkey: redis.Redis
) -> None:
    """Neither in the database nor in who is signed in."""
    post = alice.write()
    alice.follow(Person(app, "Bob").register())
    [session] = alice.get("/auth/sessions").get_json()["data"]
    before, keys = tables.everything(), sorted(valkey.keys())
    for route in every_route(app):
        if route.is_safe:
            path = route.path(post_id=post["id"], session_id=session["id"])
            for method in ("GET", "HEAD", "OPTIONS"):
                answer = alice.client.open(path, method=method)
                assert answer.status_code in (200, 404, 503), route
    assert tables.everything() == before
    assert sorted(valkey.keys()) == keys


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://ignored.example"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": PUBLIC_URL},
        {},
    ],
    ids=str,
)
def test_our_own_pages_and_other_programs_are_let_through(
    alice: Person, headers: dict[str, str]
) -> None:
    assert alice.client.post("/auth/logout", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json;charset=UTF-8"],
)
def test_the_content_type_is_compared_without_regard_to_case(
    alice: Person, content_type: str
) -> None:
    answer = alice.client.post(
        "/posts", data=b'{"title":"t","content":"c"}', content_type=content_type
    )
    assert answer.status_code == 201


def test_a_body_without_a_content_type_is_refused(alice: Person) -> None:
    answer = alice.client.post("/posts", data=b'{"title":"t","content":"c"}', content_type="")
    assert answer.status_code == 415


def names_of_sharing_headers(app: OpenAPI, route: Route, method: str) -> list[str]:
    headers = {"Origin": "https://stranger.example"}
    answer = app.test_client().open(route.path(), method=method, headers=headers)
    return [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_no_other_site_may_read_answers_of_any_route(app: OpenAPI, settings: Settings) -> None:
    """By default, and when others may."""
    sharing = create_app(replace(settings, allowed_origins=frozenset({"https://friend.example"})))
    for each in (app, sharing):
        for route in every_route(each):
            for method in (route.method, "OPTIONS"):
                assert names_of_sharing_headers(each, route, method) == [], route
    sharing.extensions["services"].close()


def test_an_allowed_origin_may_ask_and_read(settings: Settings) -> None:
    app = create_app(replace(settings, allowed_origins=frozenset({"https://friend.example"})))
    alice = Person(app, "Alice").register().log_in()
    headers = {"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}
    preflight = alice.client.options("/posts", headers=headers)
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    answer = alice.client.post("/posts", json={"title": "t", "content": "c"}, headers=headers)
    assert answer.status_code == 201
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"]
    other = alice.client.get("/posts", headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    app.extensions["services"].close()
