"""The worker finds out by itself that a digest is due."""

from __future__ import annotations

import asyncio

import pytest
from backend_database import Tables
from backend_people import Person
from digest_days import make_digests_due
from psycopg_pool import AsyncConnectionPool

from backend_server.notifications.digest_clock import queue_due_digests
from backend_server.notifications.digests import WRITE_DIGESTS

STATE = "select status from procrastinate_jobs where task_name = %s"


@pytest.fixture(autouse=True)
def reader(alice: Person, bob: Person, tables: Tables) -> None:
    tables.confirm_email("Bob")
    bob.follow(alice, mail="digest")


def look(database_url: str, times: int = 1) -> None:
    asyncio.run(_look(database_url, times))


async def _look(database_url: str, times: int) -> None:
    async with AsyncConnectionPool(database_url, open=False) as pool:
        for _ in range(times):
            await queue_due_digests(pool)


def test_nothing_is_queued_before_one_is_due(database_url: str, tables: Tables) -> None:
    look(database_url)
    assert tables.queued(WRITE_DIGESTS) == 0


def test_one_job_is_queued_however_often_somebody_looks(database_url: str, tables: Tables) -> None:
    make_digests_due(tables)
    look(database_url, times=3)
    assert tables.queued(WRITE_DIGESTS) == 1
    tables.execute("update procrastinate_jobs set status = 'doing'")
    look(database_url)
    assert tables.queued(WRITE_DIGESTS) == 0


def test_a_job_that_failed_is_not_followed_by_another_at_once(
    database_url: str, tables: Tables
) -> None:
    make_digests_due(tables)
    look(database_url)
    tables.execute("update procrastinate_jobs set status = 'doing' where queue_name = 'digests'")
    tables.execute("update procrastinate_jobs set status = 'failed' where queue_name = 'digests'")
    look(database_url)
    assert tables.rows(STATE, WRITE_DIGESTS) == [("failed",)]
    tables.execute("update procrastinate_events set at = at - interval '2 hours'")
    look(database_url)
    assert tables.queued(WRITE_DIGESTS) == 1
