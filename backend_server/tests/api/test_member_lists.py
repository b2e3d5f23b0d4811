"""Lists of members: all, by the beginning of their names, and who follows whom."""

from __future__ import annotations

import pytest
from backend_database import Tables
from backend_people import Browser, Person


def walk(visitor: Browser, path: str) -> list[str]:
    """The usernames on all pages, in order."""
    usernames: list[str] = []
    while path:
        answer = visitor.get(path)
        assert answer.status_code == 200, answer.text
        usernames += [each["username"] for each in answer.get_json()["data"]]
        link = answer.headers.get("Link", "")
        path = path.partition("?")[0] + link[1 : link.index(">")] if link else ""
    return usernames


@pytest.mark.usefixtures("alice", "bob", "carol")
def test_members_are_listed_by_name_page_by_page(visitor: Browser) -> None:
    assert walk(visitor, "/users?limit=1") == ["Alice", "Bob", "Carol"]


@pytest.mark.usefixtures("alice", "bob")
def test_members_are_found_by_the_beginning_of_their_names_in_any_case(visitor: Browser) -> None:
    assert walk(visitor, "/users?prefix=aLI") == ["Alice"]
    assert walk(visitor, "/users?prefix=li") == []
    assert walk(visitor, "/users?prefix=%25") == []


def test_a_name_that_begins_beyond_the_prefix_is_not_found(
    alice: Person, visitor: Browser, tables: Tables
) -> None:
    for name in ("al", "al\U0010fffd", "am"):
        tables.execute(
            """insert into users (username, username_key, email, email_key, password_hash)
               values (%s, %s, %s, %s, '')""",
            name, name, f"{name}@x.dev", f"{name}@x.dev",
        )  # fmt: skip
    assert walk(visitor, "/users?prefix=al&limit=2") == ["al", "Alice", "al\U0010fffd"]
    assert alice.username == "Alice"


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", f"prefix={'p' * 51}"])
def test_a_list_that_cannot_be_is_refused_by_name(visitor: Browser, query: str) -> None:
    answer = visitor.get(f"/users?{query}")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]


def test_followers_and_followed_are_listed_page_by_page(
    alice: Person, bob: Person, carol: Person, visitor: Browser
) -> None:
    bob.follow(alice)
    carol.follow(alice)
    carol.follow(bob)
    assert walk(visitor, "/users/alice/followers?limit=1") == ["Carol", "Bob"]
    assert walk(visitor, "/users/Carol/following?limit=1") == ["Bob", "Alice"]
    assert walk(visitor, "/users/Alice/following") == []
    assert visitor.get("/users/nobody/followers").status_code == 404


def test_a_list_shows_no_address(alice: Person, bob: Person, visitor: Browser) -> None:
    bob.follow(alice)
    for path in ("/users", "/users/Alice/followers", "/users/Bob/following"):
        assert "@" not in visitor.get(path).text
