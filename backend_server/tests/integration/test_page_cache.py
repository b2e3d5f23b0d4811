import threading
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from backend_database import Tables

from backend_server.config import Secret
from backend_server.database import Database
from backend_server.page_cache import MOST_PAGES, Page, PageCache, with_snapshot

# Shows which rows it sees, and when it is run.
QUERY = with_snapshot(
    "select coalesce((select json_agg(name) from things), '[]')::text as items, "
    "%(name)s || clock_timestamp()::text as last_id"
)


@pytest.fixture
def database(database_url: str, tables: Tables) -> Iterator[Database]:
    tables.execute("create table things (name text)")
    database = Database(Secret(database_url))
    yield database
    database.close()


def fetch(pages: PageCache, database: Database, name: str = "any") -> Page:
    return pages.fetch(database, QUERY, {"name": name})


def test_a_page_is_read_once_while_nothing_changes(database: Database) -> None:
    pages = PageCache()
    assert fetch(pages, database) == fetch(pages, database)


def test_a_page_is_read_again_after_any_commit(database: Database, tables: Tables) -> None:
    pages = PageCache()
    assert fetch(pages, database).items == b"[]"
    tables.execute("insert into things values ('owl')")
    assert fetch(pages, database).items == b'["owl"]'


def test_a_transaction_that_commits_late_is_not_missed(
    database: Database, database_url: str, tables: Tables
) -> None:
    pages = PageCache()
    with psycopg.connect(database_url) as slow:
        slow.execute("insert into things values ('slow')")
        tables.execute("insert into things values ('quick')")
        before = fetch(pages, database)
        assert before.items == b'["quick"]'
        assert fetch(pages, database) == before
        slow.commit()
    assert fetch(pages, database).items == b'["slow", "quick"]'


def test_pages_with_other_parameters_are_other_pages(database: Database) -> None:
    pages = PageCache()
    one, two = fetch(pages, database, "one"), fetch(pages, database, "two")
    assert one != two
    assert fetch(pages, database, "one") == one


def test_only_so_many_pages_are_kept(database: Database) -> None:
    pages = PageCache()
    first = fetch(pages, database, "first")
    for _ in range(MOST_PAGES):
        fetch(pages, database, uuid.uuid4().hex)
    assert fetch(pages, database, "first") != first


def test_readers_see_every_write_that_was_there_before_they_asked(
    database: Database, tables: Tables
) -> None:
    pages = PageCache()
    count = with_snapshot("select (select count(*) from things)::text as items, null as last_id")
    stale: list[tuple[int, int]] = []

    def read() -> None:
        seen = 0
        while seen < 200:
            least = written
            seen = int(pages.fetch(database, count, {}).items)
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
