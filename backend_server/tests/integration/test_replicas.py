"""Two instances of heavy_computation on one Postgres, as one service."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from backend_database import Tables
from backend_people import Person
from backend_programs import Programs, until
from backend_settings import ENVIRONMENT
from local_stack.postgres import Postgres
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SEARCH_ORDER_RELEVANCE,
    SearchRequest,
    SearchResponse,
)

from backend_server.grpc_clients import HeavyComputationClient
from backend_server.grpc_errors import TemporaryCallError

SEARCHES = 400
THREADS = 4


@pytest.fixture
def addresses(
    database_url: str, postgres: Postgres, programs: Programs, tmp_path: Path
) -> list[str]:
    published = postgres.published_url_of(database_url.rpartition("/")[2])
    folders = [tmp_path / name for name in ("first", "second")]
    return [programs.start_heavy_computation(published, folder) for folder in folders]


@pytest.fixture
def both(addresses: list[str]) -> Iterator[HeavyComputationClient]:
    client = HeavyComputationClient(f"ipv4:{','.join(addresses)}", ENVIRONMENT["SERVICE_TOKEN"])
    yield client
    client.close()


@pytest.fixture
def each(addresses: list[str]) -> Iterator[list[HeavyComputationClient]]:
    clients = [HeavyComputationClient(one, ENVIRONMENT["SERVICE_TOKEN"]) for one in addresses]
    yield clients
    for client in clients:
        client.close()


def owls(client: HeavyComputationClient, min_position: int = 0) -> SearchResponse:
    return client.search(
        SearchRequest(
            query="owl", limit=20, order=SEARCH_ORDER_RELEVANCE, min_position=min_position
        )
    )


def position_after_all(tables: Tables) -> int:
    return int(tables.value("select pg_snapshot_xmax(pg_current_snapshot())::text"))


def test_whoever_just_wrote_finds_it_at_either(
    alice: Person, tables: Tables, each: list[HeavyComputationClient]
) -> None:
    for number in range(5):
        alice.write(f"Owl {number}", "owl " * number + "at night")
        position = position_after_all(tables)
        first, second = (owls(client, position) for client in each)
        assert len(first.hits) == number + 1
        assert list(first.hits) == list(second.hits)


def test_one_that_hangs_is_left_out(
    alice: Person,
    both: HeavyComputationClient,
    each: list[HeavyComputationClient],
    programs: Programs,
    addresses: list[str],
) -> None:
    alice.write("An owl")
    until(lambda: all(owls(client).hits for client in each))
    hung = programs.heavy_computations[addresses[0]]
    hung.send_to_all(signal.SIGSTOP)
    try:
        until(lambda: _finds_in_a_row(both))
    finally:
        hung.send_to_all(signal.SIGCONT)


def test_no_search_fails_when_one_is_killed(
    alice: Person,
    both: HeavyComputationClient,
    each: list[HeavyComputationClient],
    programs: Programs,
    addresses: list[str],
) -> None:
    alice.write("An owl")
    until(lambda: all(owls(client).hits for client in each))
    some_are_done = threading.Semaphore(0)

    def search(_: int) -> bool:
        is_found = _finds(both)
        some_are_done.release()
        return is_found

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [pool.submit(search, number) for number in range(SEARCHES)]
        for _ in range(SEARCHES // 4):
            some_are_done.acquire()
        programs.heavy_computations[addresses[0]].kill()
        assert [answer.result() for answer in answers] == [True] * SEARCHES


def _finds(client: HeavyComputationClient) -> bool:
    return len(owls(client).hits) == 1


def _finds_in_a_row(client: HeavyComputationClient) -> bool:
    """Calls go to each in turn, so half of them would fail."""
    with suppress(TemporaryCallError):
        return all(_finds(client) for _ in range(4))
    return False
