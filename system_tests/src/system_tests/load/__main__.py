"""`python -m system_tests.load`, from the root of the repository: about five minutes."""

import argparse
import multiprocessing
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psycopg
from local_stack.postgres import running_postgres
from local_stack.valkey import running_valkey

from system_tests.load.autocannon import CONNECTIONS, Request, fire
from system_tests.load.data import MEMBERS, POSTS, add_who_signs_in, copy_to_peer, fill_ours
from system_tests.load.open_loop import milliseconds_at
from system_tests.load.report import Row, keep, machine, share_of_constant, table
from system_tests.load.scenarios import Scenario, scenarios
from system_tests.load.servers import create_peer_tables, migrate, running_backend, running_peer
from system_tests.load.sign_ins import SignIns, sign_in_over_and_over
from system_tests.members import new_member

# A sign-in may take a second where all cores are at it.
WARM_UP_SECONDS = 3
# Of people who sign in while others read.
SIGN_INS_AT_ONCE = 50
READS_PER_SECOND = 100
# Until all of them have begun.
HEAD_START_SECONDS = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each request on each server")
    parser.add_argument("--seconds", type=int, default=6, help="of one round")
    parser.add_argument("--workers", type=int, default=1, help="processes of either server")
    options = parser.parse_args()
    conditions = machine() | vars(options) | {"connections": CONNECTIONS}
    with compared_servers(options.workers) as both:
        rows = measure(both, options.rounds, options.seconds)
        slowdown = reading_during_sign_ins(both, options.rounds, options.seconds)
    print(table(rows))
    print(share_of_constant(rows))
    print(slowdown)
    print(
        f"Median of {options.rounds} rounds of {options.seconds} s, ours and the peer's in turns; "
        f"{CONNECTIONS} connections; {options.workers} worker(s) each; {POSTS} posts of {MEMBERS} "
        "members; Postgres on the same machine writes to disk at each commit; our job worker, "
        "mailer and heavy_computation are not running."
    )
    print(", ".join(f"{name} {value}" for name, value in conditions.items()))
    print(f"Kept in {keep(rows, conditions)}")


@contextmanager
def compared_servers(workers: int) -> Iterator[list[Scenario]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder), fast=False) as postgres,
        running_valkey(Path(folder)) as valkey,
    ):
        migrate(postgres)
        fill_ours(postgres.url)
        peer_database = postgres.create_database("peer")
        create_peer_tables(peer_database)
        copy_to_peer(postgres.url, peer_database)
        with (
            running_backend(postgres, valkey, workers) as our_url,
            running_peer(peer_database, workers) as peer_url,
        ):
            writer = new_member("writer")
            author = some_member(peer_database)
            add_who_signs_in(peer_database, writer.password)
            yield scenarios(our_url, peer_url, author, writer)


def some_member(database_url: str) -> uuid.UUID:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("select id from users limit 1").fetchone()
    assert row is not None
    return uuid.UUID(str(row[0]))


def warm_up(scenario: Scenario) -> None:
    """Fills pools and caches."""
    for request in (scenario.ours, scenario.peer):
        if request is not None:
            fire(request, WARM_UP_SECONDS)


def measure(compared: list[Scenario], rounds: int, seconds: int) -> list[Row]:
    rows = []
    for scenario in compared:
        row = Row(scenario.name)
        warm_up(scenario)
        for _ in range(rounds):
            row.ours.append(fire(scenario.ours, seconds))
            if scenario.peer is not None:
                row.peer.append(fire(scenario.peer, seconds))
        rows.append(row)
    return rows


def reading_during_sign_ins(compared: list[Scenario], rounds: int, seconds: int) -> str:
    """How much longer the slowest percent of reads takes: ours, at a fixed rate, in turns."""
    named = {scenario.name: scenario.ours for scenario in compared}
    reading, signing_in = named["GET /posts"], named["sign in, equally"]
    longer = seconds + 2 * HEAD_START_SECONDS
    alone, among_patient, among_impatient, done = [], [], [], SignIns()
    for _ in range(rounds):
        alone.append(_p99_of_reading(reading, seconds))
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
            patient = processes.submit(sign_in_over_and_over, signing_in, SIGN_INS_AT_ONCE, longer)
            among_patient.append(_p99_of_reading(reading, seconds))
            done += patient.result()
        with ThreadPoolExecutor(1) as pool:
            impatient = pool.submit(fire, signing_in, longer, SIGN_INS_AT_ONCE, may_fail=True)
            among_impatient.append(_p99_of_reading(reading, seconds))
            impatient.result()
    return (
        f"GET /posts, {READS_PER_SECOND}/s, while {SIGN_INS_AT_ONCE} people sign in over and over: "
        f"p99 {median(alone):.1f} → {median(among_patient):.1f} ms, "
        f"{median(among_patient) / median(alone):.1f}x (A3: ≤ 1.5x); {done.succeeded} signed in, "
        f"{done.told_to_wait} were told to wait, and did. "
        f"When they do not: {median(among_impatient):.1f} ms."
    )


def _p99_of_reading(reading: Request, seconds: int) -> float:
    time.sleep(HEAD_START_SECONDS)
    url, _, path = reading.url.rpartition("/")
    taken = milliseconds_at(READS_PER_SECOND, seconds, url, [f"/{path}"], {})
    return quantiles(taken, n=100)[-1]


if __name__ == "__main__":
    main()
