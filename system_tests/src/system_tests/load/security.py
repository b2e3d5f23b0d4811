"""`python -m system_tests.load.security`: what a sign-in costs, and what its time tells.

Bars S1 and S6 of docs/security.md. About a minute; other load on the machine blurs the times.
"""

import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import argon2
import httpx
import psycopg
from local_stack.postgres import running_postgres
from local_stack.process_table import descendants
from local_stack.valkey import running_valkey

from system_tests.load.servers import migrate, running_backend
from system_tests.stack import ROOM_FOR_EVERYBODY

PASSWORD = "correct-horse-battery"
RESETS = 500
# One account has ten failed sign-ins in five minutes, so that many are asked for.
ACCOUNTS = 40
SIGN_INS_OF_EACH = 5
VERIFIED = 50
AT_ONCE = 50
SAMPLE_SECONDS = 0.01


@dataclass
class Compared:
    """Seconds of answers about what exists and what does not, asked in turns."""

    known: list[float] = field(default_factory=list)
    unknown: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        medians = [statistics.median(each) * 1000 for each in (self.known, self.unknown)]
        return (
            f"known {medians[0]:.2f} ms, unknown {medians[1]:.2f} ms, difference of medians "
            f"{abs(medians[0] - medians[1]):.2f} ms, KS p = {ks_p(self.known, self.unknown):.2f}"
        )


def main() -> None:
    with running_api() as (url, database_url):
        client = httpx.Client(base_url=url, timeout=30.0)
        members = [register(client, f"member{number}") for number in range(ACCOUNTS)]
        prefix, p50 = verification(database_url)
        print(f"S1 hashes begin with {prefix}; verifying takes {p50:.0f} ms (median)")
        print(f"S1 {AT_ONCE} sign-ins at once: {growth(url, members[0]):.0f} MiB more memory")
        print(f"S6 reset code asked for, {RESETS} each: {resets(client, members[0])}")
        count = ACCOUNTS * SIGN_INS_OF_EACH
        print(f"S6 failed sign-in, {count} each: {sign_ins(client, members)}")


@contextmanager
def running_api() -> Iterator[tuple[str, str]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder), fast=True) as postgres,
        running_valkey(Path(folder)) as valkey,
    ):
        migrate(postgres)
        with running_backend(postgres, valkey, 1, **ROOM_FOR_EVERYBODY) as url:
            yield url, postgres.url


def register(client: httpx.Client, name: str) -> str:
    body = {"username": name, "password": PASSWORD, "email": f"{name}@decoupled.dev"}
    client.post("/auth/register", json=body).raise_for_status()
    return name


def verification(database_url: str) -> tuple[str, float]:
    """Of one of the stored hashes, and the median in milliseconds."""
    with psycopg.connect(database_url) as connection:
        [password_hash] = connection.execute("select password_hash from users").fetchone() or [""]
    hasher = argon2.PasswordHasher()
    times = [timed(lambda: hasher.verify(password_hash, PASSWORD)) for _ in range(VERIFIED)]
    return str(password_hash).rpartition("$")[0].rpartition("$")[0], statistics.median(times) * 1000


def growth(url: str, name: str) -> float:
    """MiB that the API's processes grow by at most."""

    def sign_in() -> None:
        body = {"username": name, "password": PASSWORD}
        httpx.post(f"{url}/auth/login", json=body, timeout=30.0)

    sign_in()
    processes = [pid for pid in descendants(os.getpid()) if "backend_server" in command_of(pid)]
    before = most = resident_mebibytes(processes)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(sign_in) for _ in range(AT_ONCE)]
        while not all(each.done() for each in waiting):
            most = max(most, resident_mebibytes(processes))
            time.sleep(SAMPLE_SECONDS)
    return most - before


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def resident_mebibytes(pids: Sequence[int]) -> float:
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def resets(client: httpx.Client, member: str) -> Compared:
    def ask(name: str) -> None:
        client.post("/auth/send-reset-token", json={"email": f"{name}@decoupled.dev"})

    return compared([member] * RESETS, ask)


def sign_ins(client: httpx.Client, members: Sequence[str]) -> Compared:
    def fail(name: str) -> None:
        client.post("/auth/login", json={"username": name, "password": "wrong-password"})

    return compared([*members] * SIGN_INS_OF_EACH, fail)


def compared(members: Sequence[str], ask: Callable[[str], None]) -> Compared:
    times = Compared()
    # In a random order: whatever comes second may find something warm.
    order = random.Random(6)
    for member in members:
        pair = [(times.known, member), (times.unknown, f"no{member}")]
        for measured, name in order.sample(pair, 2):
            measured.append(timed(partial(ask, name)))
    return times


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def ks_p(one: Sequence[float], other: Sequence[float]) -> float:
    """Of the two-sample Kolmogorov-Smirnov test: how likely chance makes samples so unlike.

    By the asymptotic series with Stephens' correction (Numerical Recipes, 14.3.3).
    """
    every = sorted([*one, *other])
    distance = max(abs(share_below(one, each) - share_below(other, each)) for each in every)
    root = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    scaled = (root + 0.12 + 0.11 / root) * distance
    series = ((-1.0) ** (each - 1) * math.exp(-2 * (each * scaled) ** 2) for each in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(series)))


def share_below(values: Sequence[float], limit: float) -> float:
    return sum(value <= limit for value in values) / len(values)


if __name__ == "__main__":
    main()
