"""A migration holds nobody up: members go on writing while it runs, forward and back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
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


@pytest.fixture
def url(postgres: Postgres) -> str:
    """Of a database as the first release left it, with something in it."""
    url = str(postgres.create_database("migrated_while_writing"))
    migrate(Secret(url), FIRST_RELEASE)
    with psycopg.connect(url) as connection:
        connection.execute(_FILL)
    return url


class Writer(threading.Thread):
    """Writes all the time, and does not put up with waiting a second for a lock."""

    def __init__(self, url: str) -> None:
        super().__init__(name="writer")
        self._url = url
        self._done = threading.Event()
        self.written = 0
        self.error: psycopg.Error | None = None

    def run(self) -> None:
        options = "-c lock_timeout=1s"
        with psycopg.connect(self._url, autocommit=True, options=options) as connection:
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


def test_every_migration_is_named_for_what_it_does() -> None:
    for path in Path(migrations.FOLDER / "versions").glob("0*.py"):
        number, _, name = path.stem.partition("_")
        assert number.isdecimal()
        assert len(name.split("_")) >= 3, path.name
