"""While heavy_computation is down, Postgres answers less, and says so."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from werkzeug.test import TestResponse


def search(browser: Browser, query: str, parameters: str = "") -> TestResponse:
    answer = browser.get(f"/search/posts?q={quote(query)}{parameters}")
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["degraded"] is True
    assert answer.headers["X-Degraded"] == "true"
    return answer


def found(browser: Browser, query: str, parameters: str = "") -> list[str]:
    return [post["title"] for post in search(browser, query, parameters).get_json()["data"]]


def test_the_newest_posts_with_all_the_words_are_found(alice: Person, visitor: Browser) -> None:
    post = alice.write("Owls at night", "They see in the dark")
    alice.write("Nights", "Without birds")
    alice.write("An owl, nightly", "Of course")
    assert found(visitor, "owl NIGHT") == ["An owl, nightly", "Owls at night"]
    hit = search(visitor, "dark owl").get_json()["data"][0]
    assert hit.pop("highlights") == {"title": [[0, 4]], "content": [[16, 20]]}
    assert hit == post


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ('"night owl"', ["A night owl"]),
        ("owl -night", ["Foxes, owls"]),
        ("owl from:Bob", ["Foxes, owls"]),
        ("owl from:@nobody", []),
        ("tag:birds", ["A night owl"]),
        ("tag:#Birds", ["A night owl"]),
        ("owl before:2020-01-01", []),
        ("owl after:2020-01-01 -fox", ["A night owl"]),
        ("owl -from:Bob", ["A night owl"]),
        ("owl #birds", ["A night owl"]),
        ("owl -#birds", ["Foxes, owls"]),
        ("owl -after:2020-01-01", []),
        ("owl after:9999-12-31", []),
        ("owl -lang:es", ["Foxes, owls", "A night owl"]),
        ("owl lang:es", ["Foxes, owls", "A night owl"]),
        ("owl .*", ["Foxes, owls", "A night owl"]),
        ("(owl", ["Foxes, owls", "A night owl"]),
        ('"', ["Foxes, owls", "A night owl"]),
    ],
)
def test_the_query_language_is_understood(
    alice: Person, bob: Person, visitor: Browser, query: str, titles: list[str]
) -> None:
    alice.write("A night owl", "Hooting #birds")
    bob.write("Foxes, owls", "And others")
    assert found(visitor, query) == titles


def test_a_date_that_is_none_is_refused(visitor: Browser) -> None:
    answer = visitor.get("/search/posts?q=before:tomorrow")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["q"]


def test_a_search_goes_on_page_by_page(alice: Person, visitor: Browser) -> None:
    for number in range(5):
        alice.write(f"Owl {number}")
    path, seen = "&limit=2", []
    while path:
        answer = search(visitor, "owl", path)
        seen.append([post["title"] for post in answer.get_json()["data"]])
        link = re.fullmatch(r'<\?(.*)>; rel="next"', answer.headers.get("Link", ""))
        path = f"&{link[1]}" if link else ""
    assert seen == [["Owl 4", "Owl 3"], ["Owl 2", "Owl 1"], ["Owl 0"]]


def test_a_ranked_list_does_not_go_on_unranked(visitor: Browser) -> None:
    answer = visitor.get("/search/posts?q=owl&cursor=AbCd")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "search_unavailable"
    assert int(answer.headers["Retry-After"]) > 0


def test_nobody_is_kept_from_typing(visitor: Browser) -> None:
    answer = visitor.get("/search/suggestions?q=ow")
    assert answer.status_code == 200
    assert answer.get_json() == {"message": "Got suggestions!", "data": [], "degraded": True}
    assert answer.headers["Cache-Control"] == "no-store"


def test_posts_that_share_a_tag_stand_in_for_related_ones(alice: Person, visitor: Browser) -> None:
    post = alice.write("Owls", "#birds #night")
    alice.write("Foxes", "#night")
    alice.write("Ducks", "#birds")
    alice.write("Stones", "#still")
    answer = visitor.get(f"/posts/{post['id']}/related")
    assert answer.get_json()["degraded"] is True
    assert [each["title"] for each in answer.get_json()["data"]] == ["Ducks", "Foxes"]
    untagged = alice.write("Owls again")
    assert visitor.get(f"/posts/{untagged['id']}/related").get_json()["data"] == []


def test_nothing_is_related_to_a_post_that_is_not_there(visitor: Browser) -> None:
    path = "/posts/4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f/related"
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("allow_duplicate", [True, False])
def test_a_post_is_written_unchecked(alice: Person, *, allow_duplicate: bool) -> None:
    post = {"title": "Owls", "content": "See in the dark, whoever asks and however often. " * 2}
    for _ in range(2):
        answer = alice.post("/posts", {**post, "allow_duplicate": allow_duplicate})
        assert answer.status_code == 201
        assert answer.get_json()["data"]["near_copy_of"] is None


def test_the_posts_of_a_suspended_member_are_not_found(
    alice: Person, bob: Person, visitor: Browser, tables: Tables
) -> None:
    post = alice.write("Owls", "#birds")
    bob.write("More owls", "#birds")
    tables.execute("update users set suspended_at = now() where username = 'Bob'")
    assert found(visitor, "owls") == ["Owls"]
    assert visitor.get(f"/posts/{post['id']}/related").get_json()["data"] == []
