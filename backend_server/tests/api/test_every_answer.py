"""What holds for every route."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from every_route import every_route
from flask_openapi.openapi import OpenAPI
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from backend_server.app import create_app
from backend_server.config import Settings

CAREFUL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def answers_of_every_route(app: OpenAPI, person: Browser) -> Iterator[tuple[str, TestResponse]]:
    """What is right, what is refused, and what is not there."""
    for route in every_route(app):
        path = route.path()
        yield str(route), person.client.open(path, method=route.method, buffered=True)
        yield (
            f"{route} with a body",
            person.client.open(path, method=route.method, json={}, buffered=True),
        )
        yield f"{route} preflight", person.client.options(path)
        yield f"BREW {route.rule}", person.client.open(path, method="BREW")
        yield f"below {route.rule}", person.client.get(f"{path.partition('?')[0]}/nothing/here")
    broken = {"data": b"{", "content_type": "application/json"}
    yield "400", person.client.post("/auth/login", **broken)
    yield "413", person.client.post("/auth/login", json={"username": "x" * 70_000})
    yield "415", person.client.post("/auth/login", data=b"x", content_type="text/plain")
    yield "403", person.client.post("/auth/login", headers={"Sec-Fetch-Site": "cross-site"})


@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_carries_the_headers_that_keep_browsers_careful(
    app: OpenAPI, alice: Person, signed_in: bool
) -> None:
    """Bar S12."""
    statuses = set()
    for what, answer in answers_of_every_route(app, alice if signed_in else Browser(app)):
        statuses.add(answer.status_code)
        assert {name: answer.headers.get(name) for name in CAREFUL} == CAREFUL, what
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)
        assert "unsafe" not in str(policy), what
        assert "Server" not in answer.headers, what
        if not answer.content_type.startswith("text/html"):
            assert answer.content_type.partition(";")[0] in ("application/json", ""), what
    assert statuses >= {200, 400, 401, 403, 404, 405, 413, 415, 422}


def test_an_unexpected_error_is_answered_with_care_and_without_its_cause(
    app: OpenAPI, visitor: Browser, tables: Tables
) -> None:
    tables.execute("drop table posts cascade")
    app.testing = False
    answer = visitor.get("/posts")
    assert answer.status_code == 500
    assert answer.get_json()["code"] == "internal_error"
    assert "posts" not in answer.text
    assert {name: answer.headers.get(name) for name in CAREFUL} == CAREFUL


def test_over_https_every_answer_asks_for_https_from_then_on(settings: Settings) -> None:
    app = create_app(replace(settings, public_url="https://decoupled.example"))
    for what, answer in answers_of_every_route(app, Browser(app)):
        header = answer.headers["Strict-Transport-Security"]
        assert header == "max-age=63072000; includeSubDomains", what
    app.extensions["services"].close()


def test_what_only_members_read_is_not_stored(app: OpenAPI, alice: Person) -> None:
    for route in every_route(app):
        if route.needs_a_session and route.is_safe:
            answer = alice.get(route.path(), buffered=True)
            assert answer.headers["Cache-Control"] == "no-store", route


def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(app: OpenAPI) -> None:
    methods = defaultdict[str, set[str]](set)
    for route in every_route(app):
        methods[route.path()].add(route.method)
    for path, allowed in methods.items():
        answer = Browser(app).client.open(path, method="BREW")
        assert answer.status_code == 405, path
        assert answer.get_json()["code"] == "method_not_allowed"
        assert set(answer.headers["Allow"].split(", ")) >= allowed, path


def test_it_carries_the_request_id_that_a_proxy_gave(visitor: Browser) -> None:
    answer = visitor.get("/health/live", headers={"X-Request-ID": "trace-1234"})
    assert answer.headers["X-Request-ID"] == "trace-1234"


@pytest.mark.parametrize("offered", ["", "short", "x" * 65, "two words", 'quo"te-1234'])
def test_a_request_id_that_could_harm_a_log_is_replaced(visitor: Browser, offered: str) -> None:
    given = visitor.get("/health/live", headers={"X-Request-ID": offered}).headers["X-Request-ID"]
    assert given != offered
    assert len(given) == 16


@pytest.mark.parametrize("path", ["/posts", "/auth/session", "/health/live"])
def test_a_trailing_slash_makes_no_difference(alice: Person, path: str) -> None:
    assert alice.get(path).data == alice.get(f"{path}/").data


def test_what_is_not_there_is_not_found_in_the_one_shape(visitor: Browser) -> None:
    answer = visitor.get("/nothing")
    assert answer.status_code == 404
    assert answer.get_json() == {"message": "Not Found.", "code": "not_found"}


def test_the_document_is_valid_openapi(visitor: Browser) -> None:
    validate(visitor.get("/openapi.json").get_json())


def test_the_document_names_every_route_and_what_each_may_answer(app: OpenAPI) -> None:
    document = json.loads(Browser(app).get("/openapi.json").data)
    operations = [
        operation for methods in document["paths"].values() for operation in methods.values()
    ]
    identifiers = [operation["operationId"] for operation in operations]
    assert len(identifiers) == len(set(identifiers))
    assert all(operation["summary"] for operation in operations)
    assert all("503" in operation["responses"] for operation in operations)
    described = {path.replace("{", "<").replace("}", ">") for path in document["paths"]}
    served = {
        "/".join(
            f"<{part.strip('<>').rpartition(':')[2]}>" if "<" in part else part
            for part in rule.rule.split("/")
        )
        for rule in app.url_map.iter_rules()
    }
    assert served - described == {"/openapi.json", "/docs"}


def test_the_document_calls_things_by_their_names(visitor: Browser) -> None:
    schemas = visitor.get("/openapi.json").get_json()["components"]["schemas"]
    assert {"Post", "Session", "User", "Error"} <= schemas.keys()
    assert not any("$defs" in schema for schema in schemas.values())


def test_the_page_for_people_shows_the_document_without_scripts(visitor: Browser) -> None:
    answer = visitor.get("/docs")
    assert answer.content_type == "text/html; charset=utf-8"
    assert "/auth/login" in answer.text
    assert "<script" not in answer.text
    assert "//" not in answer.text.replace("<!doctype html>", "")


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_the_page_for_people_leads_to_the_document(visitor: Browser, path: str) -> None:
    link = re.search(r'href="([^"]+)"', visitor.get(path).text)
    assert link
    assert urljoin(path, link[1]) == "/openapi.json"
