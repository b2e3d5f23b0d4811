"""POST /posts: what may be said."""

import uuid
from typing import Any

import pytest
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.person import Person
from system_tests.visitor import Visitor

CREATED = "Post created successfully"


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("T", id="1-character"),
        pytest.param("t" * 100, id="100-characters"),
        pytest.param("🦀" * 100, id="100-emoji"),
        pytest.param("ñ" * 100, id="100-accented"),
        pytest.param(" kept as written ", id="spaces-around"),
        pytest.param("<script>alert('1')</script>", id="html"),
        pytest.param("'; drop table posts; --", id="sql"),
    ],
)
def test_a_title_within_the_limits_is_kept_as_written(alice: Person, title: str) -> None:
    body = assert_succeeded(alice.post_message(title), 201, CREATED)
    assert alice.get(f"/posts/{body['data']['id']}").json()["data"]["title"] == title


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("", id="empty"),
        pytest.param("   ", id="only-spaces"),
        pytest.param("\u00a0\u3000\t", id="only-white-space"),
        pytest.param("t" * 101, id="101-characters"),
        pytest.param("🦀" * 101, id="101-emoji"),
        pytest.param("nul\x00nul", id="nul"),
    ],
)
def test_a_title_outside_the_limits_is_refused(alice: Person, title: str) -> None:
    assert_refused(alice.post_message(title), 422, "title")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("C", id="1-character"),
        pytest.param("c" * 500, id="500-characters"),
        pytest.param("🦀" * 500, id="500-emoji"),
        pytest.param("two\nlines\n", id="line-breaks"),
        pytest.param("\u202eright to left\u200d", id="direction-marks"),
    ],
)
def test_a_content_within_the_limits_is_kept_as_written(alice: Person, content: str) -> None:
    body = assert_succeeded(alice.post_message("Title", content), 201, CREATED)
    assert alice.get(f"/posts/{body['data']['id']}").json()["data"]["content"] == content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("c" * 501, id="501-characters"),
        pytest.param("🦀" * 501, id="501-emoji"),
        pytest.param("nul\x00nul", id="nul"),
    ],
)
def test_a_content_outside_the_limits_is_refused(alice: Person, content: str) -> None:
    assert_refused(alice.post_message("Title", content), 422, "content")


@pytest.mark.parametrize("field", ["title", "content"])
def test_half_of_a_surrogate_pair_is_refused(alice: Person, field: str) -> None:
    texts = {"title": "Title", "content": "Content"} | {field: "\\ud83e"}
    body = f'{{"title": "{texts["title"]}", "content": "{texts["content"]}"}}'.encode()
    assert_refused(alice.send_raw("POST", "/posts", body), 422, field)


def test_a_refused_post_is_not_in_the_list(bob: Person) -> None:
    bob.post_message("t" * 101)
    assert bob.get(f"/posts/{bob.member.username}").json()["data"] == []


def test_a_new_post_says_where_it_is(alice: Person) -> None:
    answer = alice.post_message("Where am I?")
    post = answer.json()["data"]
    place = answer.url.join(answer.headers["Location"])
    assert alice.http.get(place).json()["data"] == post
    assert str(uuid.UUID(post["id"])) == post["id"]


def test_messages_is_another_name_for_posts(alice: Person) -> None:
    answer = alice.send("POST", "/messages", {"title": "By the other name", "content": "Works."})
    body = assert_succeeded(answer, 201, CREATED)
    assert alice.get(f"/posts/{body['data']['id']}").is_success


@pytest.mark.parametrize("path", ["/posts", "/messages"])
def test_nobody_posts_without_a_session(visitor: Visitor, path: str) -> None:
    answer = visitor.send("POST", path, {"title": "Anonymous", "content": "Who am I?"})
    assert_refused(answer, 401)


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"author_id": "4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f"}, id="author_id"),
        pytest.param({"author_username": "el_atla"}, id="author_username"),
        pytest.param({"author_email": "test@decoupled.dev"}, id="author_email"),
        pytest.param({"id": "4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f"}, id="id"),
        pytest.param({"created_at": "2020-01-01T00:00:00Z"}, id="created_at"),
    ],
)
def test_nobody_posts_as_somebody_else_or_at_another_time(
    alice: Person, extra: dict[str, Any]
) -> None:
    answer = alice.send("POST", "/posts", {"title": "Not me", "content": "Or then."} | extra)
    assert_refused(answer, 422)


def test_the_author_is_who_is_signed_in(bob: Person) -> None:
    post = bob.post_message("Mine").json()["data"]
    assert post["author_username"] == bob.member.username
    assert post["author_email"] == bob.member.email


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_nobody_changes_the_post_of_somebody_else(alice: Person, bob: Person, method: str) -> None:
    post = bob.post_message("Hands off").json()["data"]
    body = {"title": "Taken over"} if method == "PATCH" else None
    assert_refused(alice.send(method, f"/posts/{post['id']}", body), 403)
    assert alice.get(f"/posts/{post['id']}").json()["data"] == post
