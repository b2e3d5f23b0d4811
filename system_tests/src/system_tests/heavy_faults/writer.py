"""Somebody who writes, edits and deletes posts all the time."""

import contextlib
import random
import threading
import time
from collections.abc import Iterator

import psycopg

# More, and as many are deleted as written: each look at all of them is to stay short.
MOST_POSTS = 2_000
_PAUSE_SECONDS = 0.002
_RECONNECT_SECONDS = 0.05
_POSTS_AT_ONCE = 25

_AUTHOR = """
    insert into users (username, username_key, email, email_key, password_hash)
    values ('writer', 'writer', 'writer@decoupled.dev', 'writer@decoupled.dev', 'none')
    on conflict (username_key) do update set username = excluded.username returning id"""
_WRITE = "insert into posts (author_id, title, content) values (%s, %s, %s)"
_WRITE_MANY = """
    insert into posts (author_id, title, content)
    select %s, %s || n, %s from generate_series(1, %s) n"""
# Any post, found by a random place among the ids, which are in order of time.
_EDIT = """
    update posts set content = %s
    where id = (select id from posts order by id limit 1 offset %s)"""
_DELETE = "delete from posts where id in (select id from posts order by id limit 1 offset %s)"
_COUNT = "select count(*) from posts"


class Writer:
    """Each text holds a word that no other text has ever held."""

    def __init__(self, database_url: str, chance: random.Random) -> None:
        self._database_url = database_url
        self._chance = chance
        self._may_write = threading.Event()
        self._is_idle = threading.Event()
        self._is_over = threading.Event()
        self._texts = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Nothing is written outside of this."""
        self._may_write.set()
        try:
            yield
        finally:
            self._may_write.clear()
            self._is_idle.wait()

    def end(self) -> None:
        self._is_over.set()
        self._may_write.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._is_over.is_set():
            # Postgres may be what breaks.
            with (
                contextlib.suppress(psycopg.OperationalError),
                psycopg.connect(self._database_url, autocommit=True) as connection,
            ):
                self._write(connection)
            self._is_idle.set()
            time.sleep(_RECONNECT_SECONDS)

    def _write(self, connection: psycopg.Connection) -> None:
        author = _one(connection.execute(_AUTHOR))
        while not self._is_over.is_set():
            if not self._may_write.is_set():
                self._is_idle.set()
                self._may_write.wait()
                continue
            self._is_idle.clear()
            self._change(connection, author)
            time.sleep(_PAUSE_SECONDS)

    def _change(self, connection: psycopg.Connection, author: object) -> None:
        count = int(str(_one(connection.execute(_COUNT))))
        place = self._chance.randrange(max(1, count))
        match self._chance.choices(("write", "edit", "delete", "write many"), (60, 20, 17, 3))[0]:
            case _ if count > MOST_POSTS:
                connection.execute(_DELETE, [place])
            case "write":
                connection.execute(_WRITE, [author, "A common title", self._new_text()])
            case "edit":
                connection.execute(_EDIT, [self._new_text(), place])
            case "delete":
                connection.execute(_DELETE, [place])
            case _:
                parameters = [author, "Number ", self._new_text(), _POSTS_AT_ONCE]
                connection.execute(_WRITE_MANY, parameters)

    def _new_text(self) -> str:
        self._texts += 1
        return f"text{self._texts}"


def _one(cursor: psycopg.Cursor) -> object:
    row = cursor.fetchone()
    if row is None:
        raise RuntimeError("Postgres sent no row.")
    return row[0]
