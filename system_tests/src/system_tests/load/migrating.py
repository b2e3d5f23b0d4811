"""`python -m system_tests.load.migrating`: how long migrations hold writers up on a million posts.

The half of bar R15 of docs/performance.md that is about migrations. About two minutes.
"""

import tempfile
import threading
import time
from pathlib import Path

import psycopg
from local_stack.postgres import running_postgres

from system_tests.load.large import MANY_POSTS, fill
from system_tests.load.servers import migrate_database

VERSIONS = Path("backend_server/migrations/versions")
FIRST_RELEASE = "0003"
LONGEST_WAIT_SECONDS = 1.0
_WRITE = "insert into posts (author_id, title, content) select id, 't', 'c' from users limit 1"
_TOUCH = "update users set bio = 'b' || random() where username_key = 'author_1'"


class Writer(threading.Thread):
    """Writes all the time, and remembers the longest time that took since it was last asked."""

    def __init__(self, url: str) -> None:
        super().__init__(name="writer", daemon=True)
        self._url = url
        self._done = threading.Event()
        self._longest = 0.0

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._done.is_set():
                began = time.perf_counter()
                connection.execute(_WRITE)
                connection.execute(_TOUCH)
                self._longest = max(self._longest, time.perf_counter() - began)

    def finish(self) -> None:
        self._done.set()
        self.join()

    def longest(self) -> float:
        """In seconds."""
        longest, self._longest = self._longest, 0.0
        return longest


def main() -> None:
    names = {path.stem[:4]: path.stem[5:] for path in sorted(VERSIONS.glob("0*.py"))}
    later = [number for number in names if number > FIRST_RELEASE]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder), fast=False) as postgres,
    ):
        migrate_database(postgres.url, FIRST_RELEASE)
        fill(postgres, MANY_POSTS)
        writer = Writer(postgres.url)
        writer.start()
        for number in [*later, *reversed([FIRST_RELEASE, *later[:-1]])]:
            writer.longest()
            began = time.perf_counter()
            migrate_database(postgres.url, number)
            took, waited = time.perf_counter() - began, writer.longest()
            verdict = "met" if waited <= LONGEST_WAIT_SECONDS else "MISSED"
            print(
                f"to {number} {names[number][:44]:44} {took:5.1f} s, a write at most "
                f"{waited * 1000:4.0f} ms {verdict}",
                flush=True,
            )
        writer.finish()


if __name__ == "__main__":
    main()
