"""A real Postgres, somebody who writes, and a service that follows: what the faults happen to."""

import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from local_stack.postgres import Postgres, running_postgres

from system_tests.heavy_faults.service import Service
from system_tests.heavy_faults.table import Verdict
from system_tests.heavy_faults.writer import Writer
from system_tests.load.servers import migrate_database

# Posts whose newest words are looked for after each fault.
SAMPLE = 20

_POSTS = "select id::text, content from posts order by id desc"
# Every transaction that has ended by now lies below this.
_POSITION = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


@dataclass
class Site:
    postgres: Postgres
    service: Service
    writer: Writer
    chance: random.Random

    def position(self) -> int:
        with psycopg.connect(self.postgres.url) as connection:
            row = connection.execute(_POSITION).fetchone()
        if row is None:
            raise RuntimeError("Postgres sent no row.")
        return int(row[0])

    def posts(self) -> dict[str, str]:
        """Id → content, newest first."""
        with psycopg.connect(self.postgres.url) as connection:
            return dict(connection.execute(_POSTS).fetchall())

    def seconds_until_complete(self) -> float:
        """How long it takes until the service shows everything written by now."""
        return self.service.seconds_until_at(self.position())

    def compare(self) -> Verdict:
        """What is found with what was written. Nobody may write meanwhile."""
        self.seconds_until_complete()
        written = self.posts()
        found = self.service.find("")
        looked_at = self.chance.sample(sorted(written), min(SAMPLE, len(written)))
        posts_of_text: dict[str, set[str]] = {}
        for post, content in written.items():
            posts_of_text.setdefault(content, set()).add(post)
        return Verdict(
            lost=len(written.keys() - set(found)),
            doubled=len(found) - len(set(found)) + len(set(found) - written.keys()),
            outdated=sum(
                set(self.service.find(f'"{written[post]}"')) != posts_of_text[written[post]]
                for post in looked_at
            ),
        )


@contextmanager
def running_site(
    chance: random.Random,
    *,
    index_folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """With an index of a few posts, complete; `environment` is the service's.

    Args:
        index_folder: where the index is kept; default: beside everything else.
    """
    with tempfile.TemporaryDirectory(prefix="heavy-faults-") as folder:
        # Postgres, which is not root, has to pass through it.
        Path(folder).chmod(0o755)
        with running_postgres(Path(folder)) as postgres:
            migrate_database(postgres.url)
            index = index_folder or Path(folder) / "index"
            service = Service(postgres.published_url, index, environment or {})
            writer = Writer(postgres.url, chance)
            site = Site(postgres, service, writer, chance)
            try:
                service.start()
                site.seconds_until_complete()
                yield site
            finally:
                writer.end()
                service.stop()
