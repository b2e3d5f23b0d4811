"""heavy_computation and Postgres in its place understand the same queries alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from backend_fixtures import services_of
from backend_people import Browser, Person
from backend_programs import Programs, until
from flask_openapi.openapi import OpenAPI
from local_stack.postgres import Postgres
from werkzeug.test import TestResponse

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.environment import Address, Addresses

# What both must understand alike. Words here have no forms that only one of the two knows.
QUERIES = (
    "owl",
    "night owl",
    "NIGHT OWL",
    '"night owl"',
    '"owl night"',
    "owl -night",
    'owl -"a night"',
    "from:alice",
    "owl from:@BOB",
    "from:alice from:bob",
    "from:nobody",
    "from:",
    "-from:alice",
    "tag:birds",
    "tag:#Birds owl",
    "#birds",
    "#birds #hooting",
    "#birds #snow",
    "owl -#birds",
    "-tag:birds",
    "before:2020-01-01",
    "after:2020-01-01",
    "-after:20200101",
    "-before:2020-01-01",
    "after:9999-12-31",
    "before:0001-01-01",
    "before:tomorrow",
    "before:2026-02-30",
    "after:2026-W05-6",
    "nothing like it",
    "(owl .*",
    'owl"night"',
    "--night",
    "-",
    "#",
    '"',
    '-"',
    "!?",
)


@pytest.fixture
def searching_app(
    settings: Settings, postgres: Postgres, programs: Programs, tmp_path: Path
) -> Iterator[OpenAPI]:
    """With the real heavy_computation; the app of the other fixtures is without it."""
    with psycopg.connect(settings.database_url.reveal()) as connection:
        database = connection.info.dbname
    address = programs.start_heavy_computation(postgres.published_url_of(database), tmp_path)
    host, _, port = address.rpartition(":")
    addresses = Addresses((Address(host, int(port)),))
    app = create_app(dataclasses.replace(settings, heavy_computation_address=addresses))
    app.testing = True
    yield app
    services_of(app).close()


def ask(browser: Browser, query: str) -> TestResponse:
    return browser.get(f"/search/posts?order=newest&q={quote(query)}")


def what_it_says(answer: TestResponse) -> object:
    content = answer.get_json()
    if answer.status_code == 200:
        return sorted(post["title"] for post in content["data"])
    return answer.status_code, content["errors"]


def test_both_find_the_same_posts(
    searching_app: OpenAPI, visitor: Browser, alice: Person, bob: Person
) -> None:
    alice.write("A night owl", "Hooting #birds #hooting")
    bob.write("The owl", "sees at night")
    bob.write("Foxes", "Red ones #Birds beware")
    searcher = Browser(searching_app)
    until(lambda: len(ask(searcher, '"').get_json()["data"]) == 3)
    assert "degraded" not in ask(searcher, "owl").get_json()
    assert ask(visitor, "owl").get_json()["degraded"] is True
    differing = {
        query: (found, found_by_postgres)
        for query in QUERIES
        if (found := what_it_says(ask(searcher, query)))
        != (found_by_postgres := what_it_says(ask(visitor, query)))
    }
    assert differing == {}
