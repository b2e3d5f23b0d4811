"""No other site acts for a member, on any route, by any trick of a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from backend_people import Browser, Person
from backend_settings import PUBLIC_URL
from flask_openapi.openapi import OpenAPI

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.cross_origin import EXEMPT_ENDPOINTS, SAFE_METHODS

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


def unsafe_routes(app: OpenAPI) -> list[tuple[str, str]]:
    routes = []
    for rule in app.url_map.iter_rules():
        path = "/".join("x" if "<" in part else part for part in rule.rule.split("/"))
        path = path.replace("/posts/x", "/posts/4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f")
        if rule.endpoint not in EXEMPT_ENDPOINTS:
            routes += [(method, path) for method in (rule.methods or set()) - SAFE_METHODS]
    return routes


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_a_browser_marks_as_foreign_is_refused_on_every_unsafe_route(
    app: OpenAPI, alice: Person, headers: dict[str, str]
) -> None:
    routes = unsafe_routes(app)
    assert len(routes) > 10
    for method, path in routes:
        answer = alice.client.open(path, method=method, json={}, headers=headers)
        assert answer.status_code == 403, path
        assert answer.get_json()["code"] == "foreign_origin"
    assert alice.is_signed_in()


@pytest.mark.parametrize("content_type", NOT_JSON)
def test_what_a_form_can_send_is_refused_on_every_unsafe_route(
    app: OpenAPI, alice: Person, content_type: str
) -> None:
    for method, path in unsafe_routes(app):
        answer = alice.client.open(path, method=method, data=b"{}", content_type=content_type)
        assert answer.status_code == 415, path
    assert alice.is_signed_in()


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


def test_by_default_no_site_may_read_answers(visitor: Browser) -> None:
    answer = visitor.get("/posts", headers={"Origin": "https://friend.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


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
