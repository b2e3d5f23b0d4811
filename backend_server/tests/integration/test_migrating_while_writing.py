"""A migration holds nobody up: members go on writing while it runs, forward and back.

How long somebody waits at most among a million posts is measured by `make bench`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy
from local_stack.postgres import Postgres

from backend_server import migrations
from backend_server.config import Secret
from backend_server.migrations import migrate

# Later migrations may meet large tables; the code before each still writes meanwhile.
FIRST_RELEASE = "0003"
REVISIONS = sorted(path.stem[:4] for path in (migrations.FOLDER / "versions").glob("*.py"))
LATER = [revision for revision in REVISIONS if revision > FIRST_RELEASE]
POSTS = 20_000

_FILL = f"""
    insert into users (username, username_key, email, email_key, password_hash)
    values ('writer', 'writer', 'w@decoupled.dev', 'w@decoupled.dev', '');
    insert into posts (author_id, title, content)
    select id, 'title', 'content' from users, generate_series(1, {POSTS})"""
_WRITE = "insert into posts (author_id, title, content) select id, 't', 'c' from users limit 1"
_TOUCH = "update users set bio = 'b' || random()"

# Read through in a transaction that holds a lock which stops writers until its end.
_READ_UNDER_A_LOCK = """
    select relname, mode, seq_tup_read
    from pg_locks join pg_stat_xact_user_tables on relid = relation
    where pid = pg_backend_pid() and seq_tup_read >= %(rows)s and mode in
        ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"""

# Whoever writes to one of them and reads the other takes their locks one after the other.
_BOTH_LOCKED = """
    select array_agg(relation::regclass::text) from pg_locks
    where pid = pg_backend_pid() and mode = 'AccessExclusiveLock'
        and relation in ('users'::regclass, 'posts'::regclass)
    having count(distinct relation) > 1"""


@pytest.fixture
def url(postgres: Postgres) -> str:
    """Of a database as the first release left it, with something in it."""
    url = str(postgres.create_database(f"migrated_{uuid4().hex}"))
    migrate(Secret(url), FIRST_RELEASE)
    with psycopg.connect(url) as connection:
        connection.execute(_FILL)
    return url


class Writer(threading.Thread):
    """Writes all the time, as the code before a migration does."""

    def __init__(self, url: str) -> None:
        super().__init__(name="writer")
        self._url = url
        self._done = threading.Event()
        self.written = 0
        self.error: psycopg.Error | None = None

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            try:
                while not self._done.is_set():
                    connection.execute(_WRITE)
                    connection.execute(_TOUCH)
                    self.written += 1
            except psycopg.Error as error:
                self.error = error

    def finish(self) -> None:
        self._done.set()
        self.join()


@pytest.fixture
def writer(url: str) -> Iterator[Writer]:
    writer = Writer(url)
    writer.start()
    yield writer
    writer.finish()


def test_members_write_while_every_migration_runs_forward_and_back(
    url: str, writer: Writer
) -> None:
    for revision in [*LATER, *reversed([FIRST_RELEASE, *LATER[:-1]])]:
        migrate(Secret(url), revision)
        assert writer.error is None, f"on the way to {revision}: {writer.error}"
    writer.finish()
    assert writer.error is None
    assert writer.written > 0


def test_no_migration_reads_through_a_large_table_that_nobody_may_write_to(url: str) -> None:
    parameters = {"rows": POSTS}
    for revision, found in found_at_commits(url, _READ_UNDER_A_LOCK, parameters):
        assert found == [], f"on the way to {revision}"


def test_no_migration_can_deadlock_with_who_writes_posts(url: str) -> None:
    for revision, found in found_at_commits(url, _BOTH_LOCKED, {}):
        assert found == [], f"on the way to {revision}"


def found_at_commits(
    url: str, query: str, parameters: dict[str, Any]
) -> Iterator[tuple[str, list[Any]]]:
    """By revision, forward and back, what a query finds before each commit of its migration."""
    found: list[Any] = []

    def look(connection: sqlalchemy.Connection) -> None:
        found.extend(connection.exec_driver_sql(query, parameters).all())

    sqlalchemy.event.listen(sqlalchemy.Engine, "commit", look)
    try:
        for revision in [*LATER, *reversed([FIRST_RELEASE, *LATER[:-1]])]:
            migrate(Secret(url), revision)
            yield revision, found
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "commit", look)


def test_every_migration_is_named_for_what_it_does() -> None:
    for path in Path(migrations.FOLDER / "versions").glob("0*.py"):
        number, _, name = path.stem.partition("_")
        assert number.isdecimal()
        assert len(name.split("_")) >= 3, path.name
