"""GET /search/posts through the API, its session store, its database and heavy_computation."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from local_stack.postgres import Postgres
from local_stack.valkey import running_valkey

from system_tests.heavy_load.figures import percentile, times
from system_tests.heavy_load.instance import TOKEN, Instance
from system_tests.heavy_load.open_loop import latencies
from system_tests.heavy_load.report import Line
from system_tests.heavy_load.search_speed import queries
from system_tests.load.servers import running_backend

RATE = 100
SECONDS = 20.0
CONNECTIONS = 16
WORKERS = 1
MOST_P99_MILLISECONDS = 15.0


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
        taken = asyncio.run(_fire(url, queries(texts)))
    return [
        Line(
            "Search over the API (A4)",
            f"p99 ≤ {MOST_P99_MILLISECONDS:.0f} ms at {RATE}/s, open loop",
            f"{times(taken)} ms, 50 posts each, one worker, {instance.posts:,} posts",
            "",
            percentile(taken, 0.99) <= MOST_P99_MILLISECONDS,
        )
    ]


async def _fire(url: str, asked: Sequence[str]) -> list[float]:
    """Over kept connections, since a library for HTTP takes longer than the answer."""
    address = urlsplit(url)
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection(address.hostname, address.port))

    async def ask(query: str) -> None:
        reader, writer = await idle.get()
        request = f"GET /search/posts?q={quote(query)} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"http/1.1 200") or b'"degraded":true' in body:
            raise RuntimeError(f"{query}: {head!r} {body[:200]!r}")
        idle.put_nowait((reader, writer))

    taken = await latencies(RATE, SECONDS, ask, asked)
    while not idle.empty():
        idle.get_nowait()[1].close()
    return taken
