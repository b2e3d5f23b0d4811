"""Going through a list page by page, while others write and leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from backend_database import Tables
from backend_people import Person

ROWS = 9
PAGE = 2

# List → SQL that adds a row at each end of it and one in its middle, and takes one away.
_POSTS_COME_AND_GO = """
    insert into posts (author_id, title, content)
    select id, 'came later', 'while somebody read' from users where username = 'Bob';
    delete from posts where id = (select id from posts where title = 'goes' limit 1)"""
_MEMBERS_COME_AND_GO = """
    insert into users (username, username_key, email, email_key, password_hash)
    select name, name, name || '@decoupled.dev', name || '@decoupled.dev', ''
    from (select 'came' || letter || gen_random_uuid()::text as name
          from unnest(array['a', 'm', 'z']) letter) names;
    insert into follows (follower_id, author_id)
    select member.id, bob.id from users member, users bob
    where starts_with(member.username, 'came') and bob.username = 'Bob' on conflict do nothing;
    insert into follows (follower_id, author_id)
    select bob.id, member.id from users member, users bob
    where starts_with(member.username, 'came') and bob.username = 'Bob' on conflict do nothing;
    delete from users
    where id = (select id from users where starts_with(username, 'goes') limit 1)"""
_MEMBERS = """
    insert into users (username, username_key, email, email_key, password_hash)
    select name, name, name || '@decoupled.dev', name || '@decoupled.dev', ''
    from (select kind || number as name
          from unnest(array['stays', 'goes']) kind, generate_series(1, 9) number) names;
    insert into follows (follower_id, author_id)
    select member.id, bob.id from users member, users bob
    where member.username ~ '^(stays|goes)' and bob.username = 'Bob';
    insert into follows (follower_id, author_id)
    select bob.id, member.id from users member, users bob
    where member.username ~ '^(stays|goes)' and bob.username = 'Bob'"""
_POSTS = """
    insert into posts (author_id, title, content)
    select id, kind, 'text' from users, unnest(array['stays', 'goes']) kind,
           generate_series(1, 9) number where username = 'Bob'"""


def walk(reader: Person, path: str, between: Callable[[], None]) -> list[dict[str, Any]]:
    """All rows of all pages; something else happens after each page."""
    rows: list[dict[str, Any]] = []
    query: str | None = f"limit={PAGE}"
    while query:
        answer = reader.get(f"{path}?{query}")
        assert answer.status_code == 200, answer.text
        rows += answer.get_json()["data"]
        between()
        link = re.fullmatch(r'<\?(.*)>; rel="next"', answer.headers.get("Link", ""))
        query = link[1] if link else None
    return rows


@pytest.mark.parametrize(
    ("path", "rows", "come_and_go"),
    [
        ("/posts", _POSTS, _POSTS_COME_AND_GO),
        ("/posts/Bob", _POSTS, _POSTS_COME_AND_GO),
        ("/feed", _POSTS, _POSTS_COME_AND_GO),
        ("/users", _MEMBERS, _MEMBERS_COME_AND_GO),
        ("/users/Bob/followers", _MEMBERS, _MEMBERS_COME_AND_GO),
        ("/users/Bob/following", _MEMBERS, _MEMBERS_COME_AND_GO),
    ],
)
def test_what_stays_is_seen_exactly_once_whatever_comes_and_goes(
    alice: Person, bob: Person, tables: Tables, path: str, rows: str, come_and_go: str
) -> None:
    alice.follow(bob)
    tables.execute(rows)
    times_left = iter(range(ROWS - 1))

    def between() -> None:
        if next(times_left, None) is not None:
            tables.execute(come_and_go)

    seen = walk(alice, path, between)

    ids = [each["id"] for each in seen]
    assert len(ids) == len(set(ids))
    names = [each.get("title") or each["username"] for each in seen]
    assert sum(name.startswith("stays") for name in names) == ROWS
