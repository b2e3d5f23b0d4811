"""Nobody reads or changes what belongs to somebody else, on any route. Bar S13."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from every_route import Route, every_route, unsafe_routes
from flask_openapi.openapi import OpenAPI
from werkzeug.test import TestResponse

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.json_requests import LARGEST_BODY_BYTES

# Whoever sends what these take may do what they do: a password, a code, a token, a signature.
FOR_EVERYBODY = {
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/send-reset-token",
    "PUT /auth/restart-password",
    "POST /auth/confirm-email",
    "POST /notifications/unsubscribe/<token>",
    "POST /webhooks/resend",
}


@pytest.fixture
def app(settings: Settings) -> Iterator[OpenAPI]:
    """Where more people may register than live behind one address."""
    app = create_app(replace(settings, registrations_per_network=1000))
    yield app
    app.extensions["services"].close()


def send(browser: Browser, route: Route, path: str, body: Any = None) -> TestResponse:
    json = {"json": body} if body is not None else {}
    headers = {"Sec-Fetch-Site": "same-origin"}
    return browser.client.open(path, method=route.method, headers=headers, **json)


def test_every_route_that_changes_something_needs_a_session_or_a_proof(app: OpenAPI) -> None:
    public = {str(route) for route in unsafe_routes(app) if not route.needs_a_session}
    assert public == FOR_EVERYBODY


@pytest.mark.parametrize("body", ["plausible", "empty", "wrong"])
def test_a_stranger_is_refused_before_anything_else_is_looked_at(
    app: OpenAPI, alice: Person, tables: Tables, body: str
) -> None:
    post = alice.write()
    before = tables.everything()
    stranger = Browser(app)
    routes = [route for route in every_route(app) if route.needs_a_session]
    assert len(routes) > 10
    for route in routes:
        sent = {"plausible": route.body, "empty": {}, "wrong": {"no": ["such", "field"]}}[body]
        path = route.path(post_id=post["id"]) + ("?limit=nonsense" if body == "wrong" else "")
        answer = send(stranger, route, path, None if route.is_safe else sent)
        assert answer.status_code == 401, route
        assert answer.get_json()["code"] == "not_signed_in"
    assert tables.everything() == before


def test_another_member_changes_nothing_of_somebody_elses(app: OpenAPI, tables: Tables) -> None:
    alice = Person(app, "Alice")
    alice.password = "known-to-alice-alone"
    alice_id, post = alice.register().log_in().id, alice.write()
    alice.follow(Person(app, "Carol").register())
    alice.put("/notifications/preferences", {})
    [session] = alice.get("/auth/sessions").get_json()["data"]
    before = tables.belonging_to(alice_id)
    for number, route in enumerate(unsafe_routes(app)):
        # Some routes sign Mallory out or end the account.
        mallory = Person(app, f"Mallory{number}").register().log_in()
        path = route.path(post_id=post["id"], session_id=session["id"])
        answer = send(mallory, route, path, route.body)
        assert answer.status_code < 500 or answer.status_code == 503, route
        assert tables.belonging_to(alice_id) == before, route
        assert alice.is_signed_in(), route
    assert alice.in_another_browser().try_to_log_in(alice.password).status_code == 200


@pytest.mark.parametrize("signed_in", [True, False])
def test_nobody_reads_what_a_member_keeps_to_themselves(
    app: OpenAPI, alice: Person, tables: Tables, signed_in: bool
) -> None:
    """A hidden address, sessions, whom mail is wanted about."""
    post = alice.write()
    tables.execute("update users set show_email = false")
    [session] = alice.get("/auth/sessions").get_json()["data"]
    reader = Person(app, "Mallory").register().log_in() if signed_in else Browser(app)
    for route in every_route(app):
        if route.is_safe:
            answer = send(reader, route, route.path(post_id=post["id"]))
            assert "alice@decoupled.dev" not in answer.text, route
            assert session["id"] not in answer.text, route


def test_nobody_sets_what_is_not_theirs_to_set(app: OpenAPI, alice: Person) -> None:
    """Unknown fields are refused on every route that takes any, but for what others sign."""
    post = alice.write()
    routes = [route for route in unsafe_routes(app) if route.names_its_fields]
    others = {str(route) for route in unsafe_routes(app) if route.body is not None} - {
        str(route) for route in routes
    }
    assert len(routes) > 8
    assert others == {"POST /webhooks/resend"}
    for route in routes:
        body = {**(route.body or {}), "is_admin": True}
        answer = send(alice, route, route.path(post_id=post["id"]), body)
        assert answer.status_code == 422, route
        assert "body" in answer.get_json()["errors"], route


def test_no_list_gives_more_than_a_hundred_at_once(app: OpenAPI, alice: Person) -> None:
    lists = [
        (route, parameter["schema"]["maximum"])
        for route in every_route(app)
        for parameter in route.operation.get("parameters", ())
        if parameter["name"] == "limit"
    ]
    assert len(lists) >= 4
    for route, most in lists:
        assert most <= 100, route
        path = f"{route.path()}{'&' if '?' in route.path() else '?'}limit="
        assert send(alice, route, f"{path}{most + 1}").status_code == 422, route
        assert send(alice, route, f"{path}{most}").status_code != 422, route


def test_no_route_takes_more_than_64_kibibytes(app: OpenAPI, alice: Person) -> None:
    for route in unsafe_routes(app):
        too_much = {"title": "x" * LARGEST_BODY_BYTES}
        assert send(alice, route, route.path(), too_much).status_code == 413, route
