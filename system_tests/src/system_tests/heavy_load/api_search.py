"""GET /search/posts through the API, its session store, its database and heavy_computation."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from local_stack.postgres import Postgres
from local_stack.valkey import running_valkey

from system_tests.heavy_load.figures import percentile, times
from system_tests.heavy_load.instance import TOKEN, Instance
from system_tests.heavy_load.report import Line
from system_tests.heavy_load.search_speed import queries
from system_tests.load.open_loop import milliseconds_at
from system_tests.load.servers import running_backend

RATE = 100
SECONDS = 20.0
WORKERS = 1
MOST_P99_MILLISECONDS = 15.0
OPERATION = "Search over the API (A4)"
BAR = f"p99 ≤ {MOST_P99_MILLISECONDS:.0f} ms at {RATE}/s, open loop"
# Of an answer that refuses, in characters.
LONGEST_REASON = 120


def measure(postgres: Postgres, instance: Instance, texts: Sequence[str]) -> list[Line]:
    settings = {
        "DATABASE_URL": instance.database_url,
        "HEAVY_COMPUTATION_ADDRESS": instance.address,
        "SERVICE_TOKEN": TOKEN,
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        running_valkey(Path(folder)) as valkey,
        running_backend(postgres, valkey, WORKERS, **settings) as url,
    ):
        paths = [f"/search/posts?q={quote(query)}" for query in queries(texts)]
        try:
            taken = milliseconds_at(RATE, SECONDS, url, paths, {})
        except RuntimeError as refused:
            reason = f"{refused}"[:LONGEST_REASON]
            return [Line(OPERATION, BAR, reason, "", is_met=False)]
    return [
        Line(
            OPERATION,
            BAR,
            f"{times(taken)} ms, 50 posts each, one worker, {instance.posts:,} posts",
            "",
            percentile(taken, 0.99) <= MOST_P99_MILLISECONDS,
        )
    ]
