"""What is the same for everybody is sent again only when it has changed."""

from __future__ import annotations

import pytest
from backend_people import Browser, Person


@pytest.fixture
def post_id(alice: Person) -> str:
    return str(alice.write("First")["id"])


@pytest.fixture(params=["/posts", "/posts/Alice", "/posts/{}"])
def path(request: pytest.FixtureRequest, post_id: str) -> str:
    return str(request.param).format(post_id)


@pytest.mark.parametrize("asked", ["{}", '"another", {}', "*", 'W/"another" , {}'])
def test_what_one_has_is_not_sent_again(visitor: Browser, path: str, asked: str) -> None:
    first = visitor.get(path)
    again = visitor.get(path, headers={"If-None-Match": asked.format(first.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control"):
        assert again.headers[name] == first.headers[name]


def test_a_proxy_may_keep_it_but_asks_each_time(visitor: Browser, path: str) -> None:
    assert visitor.get(path).headers["Cache-Control"] == "public, no-cache"


def test_what_has_changed_is_sent(alice: Person, visitor: Browser, path: str, post_id: str) -> None:
    tag = visitor.get(path).headers["ETag"]
    alice.patch(f"/posts/{post_id}", {"title": "Changed"})
    answer = visitor.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Changed" in answer.text
    assert answer.headers["ETag"] != tag


def test_head_says_what_get_would(visitor: Browser, path: str) -> None:
    got, head = visitor.get(path), visitor.client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Length", "Content-Type"):
        assert head.headers[name] == got.headers[name]
    again = visitor.client.head(path, headers={"If-None-Match": got.headers["ETag"]})
    assert again.status_code == 304


def test_a_post_that_is_gone_is_not_found_whatever_one_has(
    alice: Person, visitor: Browser, post_id: str
) -> None:
    tag = visitor.get(f"/posts/{post_id}").headers["ETag"]
    alice.delete(f"/posts/{post_id}")
    answer = visitor.get(f"/posts/{post_id}", headers={"If-None-Match": tag})
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_feed_is_kept_by_nobody(alice: Person) -> None:
    headers = alice.get("/feed").headers
    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers
