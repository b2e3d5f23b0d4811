import dataclasses
import re
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

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.environment import Address, Addresses


@pytest.fixture
def app(
    settings: Settings, postgres: Postgres, programs: Programs, tmp_path: Path
) -> Iterator[OpenAPI]:
    """With the real heavy_computation."""
    with psycopg.connect(settings.database_url.reveal()) as connection:
        database = connection.info.dbname
    address = programs.start_heavy_computation(postgres.published_url_of(database), tmp_path)
    host, _, port = address.rpartition(":")
    app = create_app(
        dataclasses.replace(
            settings, heavy_computation_address=Addresses((Address(host, int(port)),))
        )
    )
    app.testing = True
    yield app
    services_of(app).close()


def found(browser: Browser, query: str, parameters: str = "") -> list[str]:
    """The titles found, in their order."""
    answer = browser.get(f"/search/posts?q={quote(query)}{parameters}")
    assert answer.status_code == 200, answer.text
    return [post["title"] for post in answer.get_json()["data"]]


def test_a_post_is_found_by_its_words_with_the_places_where_they_stand(
    alice: Person, visitor: Browser
) -> None:
    post = alice.write("Owls \N{OWL} at night", "An owl sees in the dark")
    alice.write("Something else", "Entirely")
    until(lambda: found(visitor, "owl"))
    answer = visitor.get("/search/posts?q=owl")
    assert answer.get_json()["message"] == "Got posts!"
    (hit,) = answer.get_json()["data"]
    highlights = hit.pop("highlights")
    assert hit == post
    assert highlights == {"title": [[0, 4]], "content": [[3, 6]]}


def test_a_search_goes_on_page_by_page(alice: Person, visitor: Browser) -> None:
    for number in range(5):
        alice.write(f"Owl {number}")
    until(lambda: len(found(visitor, "owl")) == 5)
    path, seen = "/search/posts?q=owl&limit=2&order=newest", []
    while path:
        answer = visitor.get(path)
        seen.append([post["title"] for post in answer.get_json()["data"]])
        link = re.fullmatch(r'<(.*)>; rel="next"', answer.headers.get("Link", ""))
        path = f"/search/posts{link[1]}" if link else ""
    assert seen == [["Owl 4", "Owl 3"], ["Owl 2", "Owl 1"], ["Owl 0"]]


def test_a_post_that_is_gone_is_not_found_even_while_the_index_has_it(
    alice: Person, visitor: Browser
) -> None:
    kept, deleted = alice.write("Owl kept"), alice.write("Owl deleted")
    until(lambda: len(found(visitor, "owl")) == 2)
    alice.delete(f"/posts/{deleted['id']}")
    assert found(visitor, "owl") == [kept["title"]]


def test_a_changed_post_is_found_by_its_new_words(alice: Person, visitor: Browser) -> None:
    post = alice.write("Owls")
    until(lambda: found(visitor, "owl"))
    alice.patch(f"/posts/{post['id']}", {"title": "Foxes"})
    until(lambda: found(visitor, "fox"))
    assert found(visitor, "owl") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        (f"q={'x' * 501}", "q"),
        ("q=%00", "q"),
        ("q=owl&order=oldest", "order"),
        ("q=owl&limit=101", "limit"),
        ("q=owl&cursor=forged", "cursor"),
    ],
)
def test_a_search_that_cannot_be_is_refused_by_field(
    visitor: Browser, query: str, field: str
) -> None:
    answer = visitor.get(f"/search/posts?{query}")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
