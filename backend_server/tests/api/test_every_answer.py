"""What holds for every route."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI
from openapi_spec_validator import validate

from backend_server.app import create_app
from backend_server.config import Settings

PATHS = ["/posts", "/auth/session", "/nothing", "/health/live", "/openapi.json", "/docs"]


@pytest.mark.parametrize("path", PATHS)
def test_it_carries_the_headers_that_keep_browsers_careful(visitor: Browser, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_over_https_it_asks_for_https_from_then_on(settings: Settings) -> None:
    app = create_app(replace(settings, public_url="https://decoupled.example"))
    header = Browser(app).get("/health/live").headers["Strict-Transport-Security"]
    assert header == "max-age=63072000; includeSubDomains"


def test_what_a_member_reads_is_not_stored(alice: Person) -> None:
    assert alice.get("/auth/session").headers["Cache-Control"] == "no-store"


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


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/posts"), ("TRACE", "/auth/login")])
def test_another_method_is_refused_with_those_that_work(
    visitor: Browser, method: str, path: str
) -> None:
    answer = visitor.client.open(path, method=method)
    assert answer.status_code == 405
    assert answer.get_json()["code"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]


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
