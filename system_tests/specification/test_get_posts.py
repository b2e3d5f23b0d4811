"""GET /posts and GET /posts/<user_username>: lists, newest first."""

import re

import pytest
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.members import unique_suffix
from system_tests.person import Person
from system_tests.visitor import Visitor

GOT_POSTS = "Got posts!"
SPECIFIED_KEYS = {"id", "author_email", "author_username", "title", "content"}
NEXT_LINK = re.compile(r"<(?P<address>[^>]+)>; *rel=\"?next\"?")


def titles(visitor: Visitor, path: str, **query: str | int) -> list[str]:
    body = assert_succeeded(visitor.get(path, **query), 200, GOT_POSTS)
    return [post["title"] for post in body["data"]]


def test_a_new_post_is_first_in_the_list_with_all_specified_keys(
    visitor: Visitor, bob: Person
) -> None:
    bob.post_message("The newest of all", "Just now.")
    posts = assert_succeeded(visitor.get("/posts"), 200, GOT_POSTS)["data"]
    (mine,) = [post for post in posts if post["author_username"] == bob.member.username]
    assert mine.keys() >= SPECIFIED_KEYS
    assert (mine["title"], mine["content"]) == ("The newest of all", "Just now.")
    assert mine["author_email"] == bob.member.email


def test_the_list_of_a_member_has_only_their_posts_newest_first(
    visitor: Visitor, bob: Person, carol: Person
) -> None:
    for number in range(3):
        bob.post_message(f"Post {number}")
        carol.post_message(f"Not by bob {number}")
    assert titles(visitor, f"/posts/{bob.member.username}") == ["Post 2", "Post 1", "Post 0"]


def test_the_list_of_a_member_without_posts_is_empty(visitor: Visitor, bob: Person) -> None:
    body = assert_succeeded(visitor.get(f"/posts/{bob.member.username}"), 200, GOT_POSTS)
    assert body["data"] == []


def test_the_username_is_accepted_in_another_case(visitor: Visitor, bob: Person) -> None:
    bob.post_message("Found in capitals")
    assert titles(visitor, f"/posts/{bob.member.username.upper()}") == ["Found in capitals"]


def test_the_list_of_an_unknown_member_is_not_found(visitor: Visitor) -> None:
    assert_refused(visitor.get(f"/posts/nobody_{unique_suffix()}"), 404)


def test_an_unknown_id_is_not_found(visitor: Visitor) -> None:
    assert_refused(visitor.get("/posts/4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f"), 404)


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed-in", "anonymous"])
def test_the_lists_are_the_same_for_everybody(
    visitor: Visitor, bob: Person, signed_in: bool
) -> None:
    bob.post_message("For everybody")
    reader = bob if signed_in else visitor
    assert titles(reader, f"/posts/{bob.member.username}") == ["For everybody"]


def test_the_next_page_begins_after_the_last_post_seen(bob: Person) -> None:
    for number in range(5):
        bob.post_message(f"Post {number}")
    first = bob.get(f"/posts/{bob.member.username}", limit=2)
    seen = [post["title"] for post in first.json()["data"]]
    last_id = first.json()["data"][-1]["id"]
    second = titles(bob, f"/posts/{bob.member.username}", limit=2, before=last_id)
    assert seen + second == ["Post 4", "Post 3", "Post 2", "Post 1"]


def test_the_next_page_is_linked_until_the_last(bob: Person) -> None:
    for number in range(3):
        bob.post_message(f"Post {number}")
    first = bob.get(f"/posts/{bob.member.username}", limit=2)
    link = NEXT_LINK.search(first.headers["Link"])
    assert link is not None
    query = bob.http.build_request("GET", link["address"]).url.params
    second = bob.get(f"/posts/{bob.member.username}", **dict(query))
    assert [post["title"] for post in second.json()["data"]] == ["Post 0"]
    assert "Link" not in second.headers


@pytest.mark.parametrize("limit", ["1", "100"])
def test_a_limit_from_1_to_100_is_accepted(visitor: Visitor, limit: str) -> None:
    assert len(titles(visitor, "/posts", limit=limit)) <= int(limit)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "1.5", ""])
def test_another_limit_is_refused(visitor: Visitor, limit: str) -> None:
    assert_refused(visitor.get("/posts", limit=limit), 422, "limit")


@pytest.mark.parametrize("before", ["", "yesterday", "4f8b3c7e"])
def test_what_is_no_id_is_refused_as_place_in_the_list(visitor: Visitor, before: str) -> None:
    assert_refused(visitor.get("/posts", before=before), 422, "before")


def test_a_deleted_post_is_gone_from_every_list(visitor: Visitor, bob: Person) -> None:
    post = bob.post_message("Soon gone").json()["data"]
    assert bob.send("DELETE", f"/posts/{post['id']}").is_success
    assert titles(visitor, f"/posts/{bob.member.username}") == []
    assert_refused(visitor.get(f"/posts/{post['id']}"), 404)
