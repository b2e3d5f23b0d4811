"""The API while heavy_computation breaks (bar R9): who searches, and who does something else."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from local_stack.valkey import running_valkey

from system_tests.heavy_faults.link import Link, link_to
from system_tests.heavy_faults.service import TOKEN
from system_tests.heavy_faults.site import Site
from system_tests.heavy_faults.table import percentile
from system_tests.load.servers import running_backend

SEARCHES_PER_SECOND = 25
READS_PER_SECOND = 50
WORKERS = 1
# The deadline of a search, and what may come on top of it.
DEADLINE_MILLISECONDS = 1_000.0
MOST_OVER_DEADLINE_MILLISECONDS = 100.0
MOST_SLOWDOWN = 1.2
MOST_RECOVERY_SECONDS = 5.0
_POLL_SECONDS = 0.05

_SEARCH = "/search/posts?q=common"
_READ = "/posts"

HEADING = (
    "| heavy_computation | searches: 200 / degraded / 503 / other | slowest search "
    "| `GET /posts` p99, before → then | back after | bar R9 |\n"
    "| --- | --- | --- | --- | --- | --- |"
)


class Asked(NamedTuple):
    status: int
    is_degraded: bool
    milliseconds: float


class Outcome(NamedTuple):
    fault: str
    searches: list[Asked]
    reads_before: list[float]
    reads_then: list[float]
    back_after_seconds: float

    @property
    def slowest(self) -> float:
        return max(search.milliseconds for search in self.searches)

    @property
    def slowdown(self) -> float:
        return percentile(self.reads_then, 0.99) / percentile(self.reads_before, 0.99)

    @property
    def misses(self) -> list[str]:
        """What the bar asks for and is not so."""
        limits = {
            "status": all(search.status in (200, 503) for search in self.searches),
            "deadline": self.slowest <= DEADLINE_MILLISECONDS + MOST_OVER_DEADLINE_MILLISECONDS,
            "others": self.slowdown <= MOST_SLOWDOWN,
            "recovery": self.back_after_seconds <= MOST_RECOVERY_SECONDS,
        }
        return [name for name, is_kept in limits.items() if not is_kept]

    def __str__(self) -> str:
        ends = Counter(
            "degraded" if search.is_degraded else str(search.status) for search in self.searches
        )
        others = sum(ends.values()) - ends["200"] - ends["degraded"] - ends["503"]
        verdict = f"MISSED: {', '.join(self.misses)}" if self.misses else "met"
        before, then = percentile(self.reads_before, 0.99), percentile(self.reads_then, 0.99)
        return (
            f"| {self.fault} | {ends['200']} / {ends['degraded']} / {ends['503']} / {others} "
            f"| {self.slowest:,.0f} ms | {before:.1f} → {then:.1f} ms "
            f"| {self.back_after_seconds:.1f} s | {verdict} |"
        )


class Fault(NamedTuple):
    name: str
    begin: Callable[[], None]
    end: Callable[[], None]


@contextmanager
def running_api(site: Site) -> Iterator[tuple[str, Link]]:
    """The API, and its link to the service."""
    with (
        TemporaryDirectory() as folder,
        link_to(site.service.address) as link,
        running_valkey(Path(folder)) as valkey,
        running_backend(
            site.postgres,
            valkey,
            WORKERS,
            HEAVY_COMPUTATION_ADDRESS=link.address,
            SERVICE_TOKEN=TOKEN,
        ) as url,
    ):
        yield url, link


def measure(url: str, fault: Fault, seconds: float) -> Outcome:
    """Searches and reads at fixed rates: `seconds` without the fault, as many with it."""
    _, before = asyncio.run(_load(url, seconds))
    fault.begin()
    try:
        searches, then = asyncio.run(_load(url, seconds))
    finally:
        fault.end()
    began = time.perf_counter()
    while not _is_complete(asyncio.run(_ask(url, _SEARCH))):
        time.sleep(_POLL_SECONDS)
    back_after = time.perf_counter() - began
    reads = [[read.milliseconds for read in reads] for reads in (before, then)]
    return Outcome(fault.name, searches, reads[0], reads[1], back_after)


def _is_complete(asked: Asked) -> bool:
    return asked.status == 200 and not asked.is_degraded


async def _load(url: str, seconds: float) -> tuple[list[Asked], list[Asked]]:
    searches, reads = await asyncio.gather(
        _at_rate(url, _SEARCH, SEARCHES_PER_SECOND, seconds),
        _at_rate(url, _READ, READS_PER_SECOND, seconds),
    )
    return searches, reads


async def _at_rate(url: str, path: str, rate: int, seconds: float) -> list[Asked]:
    began = time.perf_counter()
    asked = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(_ask(url, path)))
    return await asyncio.gather(*asked)


async def _ask(url: str, path: str) -> Asked:
    address = urlsplit(url)
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    milliseconds = (time.perf_counter() - began) * 1000
    return Asked(int(answer.split(b" ", 2)[1]), b'"degraded":true' in answer, milliseconds)
