from __future__ import annotations

from urllib.parse import quote

import psycopg
import pytest
from backend_people import Browser, Person


def test_a_profile_shows_what_others_may_see(visitor: Browser, alice: Person, bob: Person) -> None:
    alice.write()
    bob.follow(alice)
    answer = visitor.get("/users/alice")
    assert answer.status_code == 200
    assert answer.get_json()["message"] == "Got user!"
    profile = answer.get_json()["data"]
    assert profile.pop("created_at").endswith("Z")
    assert profile == {
        "id": alice.id,
        "username": "Alice",
        "email": "alice@decoupled.dev",
        "bio": "",
        "posts": 1,
        "followers": 1,
        "following": 0,
        "follow": None,
    }


def test_a_profile_tells_the_caller_how_they_follow(alice: Person, bob: Person) -> None:
    assert bob.get("/users/Alice").get_json()["data"]["follow"] is None
    bob.follow(alice, mail="digest")
    assert bob.get("/users/Alice").get_json()["data"]["follow"] == {"mail": "digest"}
    assert alice.get("/users/Alice").get_json()["data"]["follow"] is None


def test_a_hidden_address_is_null(alice: Person, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("update users set show_email = false")
    assert alice.get("/users/Alice").get_json()["data"]["email"] is None


@pytest.mark.parametrize("username", ["nobody", "x" * 60, "\0", "a\nb", "\ud7ff", "%", ".."])
def test_who_is_nobody_is_not_found(visitor: Browser, username: str) -> None:
    answer = visitor.get(f"/users/{quote(username)}")
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_found"


def test_a_username_in_any_script_has_a_profile(visitor: Browser) -> None:
    body = {"username": "名前🦉", "password": "12345678", "email": "owl@decoupled.dev"}
    assert visitor.post("/auth/register", body).status_code == 201
    answer = visitor.get(f"/users/{quote('名前🦉')}/")
    assert answer.get_json()["data"]["username"] == "名前🦉"
