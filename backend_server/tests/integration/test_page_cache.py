import threading
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from backend_database import Tables

from backend_server.page_cache import MOST_PAGES, Page, PageCache, unless_seen

# Shows which rows it sees, and when it is run.
QUERY = unless_seen(
    "select coalesce((select json_agg(name) from things), '[]')::text as items, "
    "%(name)s || clock_timestamp()::text as last_id"
)


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("create table things (name text)")
        yield connection


def fetch(pages: PageCache, connection: psycopg.Connection[Any], name: str = "any") -> Page:
    return pages.fetch(connection, QUERY, {"name": name})


def test_a_page_is_read_once_while_nothing_changes(connection: psycopg.Connection[Any]) -> None:
    pages = PageCache()
    assert fetch(pages, connection) == fetch(pages, connection)


def test_a_page_is_read_again_after_any_commit(
    connection: psycopg.Connection[Any], tables: Tables
) -> None:
    pages = PageCache()
    assert fetch(pages, connection).items == b"[]"
    tables.execute("insert into things values ('owl')")
    assert fetch(pages, connection).items == b'["owl"]'


def test_a_transaction_that_commits_late_is_not_missed(
    connection: psycopg.Connection[Any], database_url: str, tables: Tables
) -> None:
    pages = PageCache()
    with psycopg.connect(database_url) as slow:
        slow.execute("insert into things values ('slow')")
        tables.execute("insert into things values ('quick')")
        before = fetch(pages, connection)
        assert before.items == b'["quick"]'
        assert fetch(pages, connection) == before
        slow.commit()
    assert fetch(pages, connection).items == b'["slow", "quick"]'


def test_pages_with_other_parameters_are_other_pages(connection: psycopg.Connection[Any]) -> None:
    pages = PageCache()
    one, two = fetch(pages, connection, "one"), fetch(pages, connection, "two")
    assert one != two
    assert fetch(pages, connection, "one") == one


def test_only_so_many_pages_are_kept(connection: psycopg.Connection[Any]) -> None:
    pages = PageCache()
    first = fetch(pages, connection, "first")
    for _ in range(MOST_PAGES):
        fetch(pages, connection, uuid.uuid4().hex)
    assert fetch(pages, connection, "first") != first


@pytest.mark.usefixtures("connection")
def test_readers_see_every_write_that_was_there_before_they_asked(
    database_url: str, tables: Tables
) -> None:
    pages = PageCache()
    count = unless_seen("select (select count(*) from things)::text as items, null as last_id")
    stale: list[tuple[int, int]] = []

    def read() -> None:
        with psycopg.connect(database_url, autocommit=True) as own:
            seen = 0
            while seen < 200:
                least = written
                seen = int(pages.fetch(own, count, {}).items)
                if seen < least:
                    stale.append((seen, least))

    written = 0
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 201):
        tables.execute("insert into things values ('another')")
        written = number
    for reader in readers:
        reader.join()
    assert stale == []
