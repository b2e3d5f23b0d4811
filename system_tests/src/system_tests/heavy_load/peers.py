"""Runs the peers: libraries in an environment of their own, and what Postgres does by itself."""

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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


_INDEX = (
    "create index posts_words on posts using gin (to_tsvector('english', title || ' ' || content))"
)
_MATCHES = "to_tsvector('english', title || ' ' || content)"
_ANY_WORD = "replace(plainto_tsquery('english', %(query)s)::text, '&', '|')::tsquery"
_ALL_WORDS = "plainto_tsquery('english', %(query)s)"


class PostgresSearch:
    """Full-text search with ts_rank over a GIN index, on the database of an instance."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True)
        began = time.perf_counter()
        self._connection.execute(_INDEX)
        self.built_in_seconds = time.perf_counter() - began
        size = self._connection.execute("select pg_relation_size('posts_words')").fetchone()
        self.bytes = int(size[0]) if size else 0

    def search(self, query: str, depth: int, *, all_words: bool = False) -> list[int]:
        words = _ALL_WORDS if all_words else _ANY_WORD
        rows = self._connection.execute(
            f"select id from posts where {_MATCHES} @@ {words}"
            f" order by ts_rank({_MATCHES}, {words}) desc limit {depth}",
            {"query": query},
        )
        return [number_of(row[0]) for row in rows]

    def close(self) -> None:
        self._connection.close()


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
