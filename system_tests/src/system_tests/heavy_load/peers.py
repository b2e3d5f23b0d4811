"""Runs the peers: libraries in an environment of their own, and what Postgres does by itself."""

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from system_tests.heavy_load.instance import number_of
from system_tests.heavy_load.paths import PEERS, PEERS_PYTHON

PEER_SECONDS = 900


def library(name: str, texts: Sequence[str], **task: Any) -> dict[str, Any]:
    """Figures of `system_tests/load/heavy_peers/<name>.py`."""
    with tempfile.TemporaryDirectory(prefix="bench-peer-") as folder:
        lines, given = Path(folder, "texts.txt"), Path(folder, "task.json")
        lines.write_text("\n".join(texts), encoding="utf-8")
        given.write_text(json.dumps({"texts": str(lines), **task}))
        finished = subprocess.run(
            [PEERS_PYTHON.absolute(), "-m", f"heavy_peers.{name}", str(given)],
            cwd=PEERS,
            stdout=subprocess.PIPE,
            check=True,
            timeout=PEER_SECONDS,
        )
    figures: dict[str, Any] = json.loads(finished.stdout)
    return figures


# As much as tantivy-py gets.
_MEMORY = "set maintenance_work_mem = '256MB'"
_WORDS = "to_tsvector('english', title || ' ' || content)"
_INDEX_OF_TEXTS = f"create index posts_texts on posts using gin ({_WORDS})"
_KEEP_WORDS = f"alter table posts add column words tsvector generated always as ({_WORDS}) stored"
_INDEX = "create index posts_words on posts using gin (words)"
_ANY_WORD = "replace(plainto_tsquery('english', %(query)s)::text, '&', '|')::tsquery"
_ALL_WORDS = "plainto_tsquery('english', %(query)s)"


class PostgresSearch:
    """Full-text search with ts_rank over a GIN index, on the database of an instance.

    The words of each post are kept in a column, as Postgres's own documentation advises: without it
    each match would be cut into words again to be ranked.
    """

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True)
        self._connection.execute(_MEMORY)
        self.built_in_seconds = _seconds(self._connection, _KEEP_WORDS, _INDEX)
        size = self._connection.execute(
            "select pg_relation_size('posts_words')"
            " + (select sum(pg_column_size(words)) from posts)"
        ).fetchone()
        self.bytes = int(size[0]) if size else 0
        self._connection.execute("vacuum analyze posts")

    def search(self, query: str, depth: int, *, all_words: bool = False) -> list[int]:
        words = _ALL_WORDS if all_words else _ANY_WORD
        rows = self._connection.execute(
            f"select id from posts where words @@ {words}"
            f" order by ts_rank(words, {words}) desc limit {depth}",
            {"query": query},
        )
        return [number_of(row[0]) for row in rows]

    def close(self) -> None:
        self._connection.close()


def seconds_of_index_alone(database_url: str) -> float:
    """Of an index in Postgres that finds posts, without the words by which they are ranked."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_MEMORY)
        taken = _seconds(connection, _INDEX_OF_TEXTS)
        connection.execute("drop index posts_texts")
    return taken


def _seconds(connection: psycopg.Connection, *statements: LiteralString) -> float:
    began = time.perf_counter()
    for statement in statements:
        connection.execute(statement)
    return time.perf_counter() - began


class PostgresTrigrams:
    """pg_trgm's nearest words in a table of all words."""

    def __init__(self, superuser_url: str, words: Sequence[str]) -> None:
        self._connection = psycopg.connect(superuser_url, autocommit=True)
        self._connection.execute("create extension if not exists pg_trgm")
        self._connection.execute("create table words (word text primary key)")
        with self._connection.cursor().copy("copy words from stdin") as copy:
            for word in words:
                copy.write_row((word,))
        self._connection.execute("create index on words using gist (word gist_trgm_ops)")

    def five(self, typed: str) -> list[str]:
        query = "select word from words order by word <-> %s limit 5"
        return [row[0] for row in self._connection.execute(query, [typed])]

    def close(self) -> None:
        self._connection.close()
