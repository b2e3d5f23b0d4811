import asyncio
from collections.abc import Awaitable, Callable

import pytest
from backend_database import Tables
from psycopg_pool import AsyncConnectionPool

from backend_server import job_upkeep, jobs
from backend_server.services import Services


@pytest.fixture
def job_id(services: Services) -> int:
    with services.database.transaction() as session:
        job_id = jobs.defer(session, "a task", queue="a queue")
        session.commit()
    return job_id


def with_pool(
    services: Services, work: Callable[..., Awaitable[object]], *arguments: object
) -> None:
    async def run() -> None:
        url = services.settings.database_url.reveal()
        async with AsyncConnectionPool(url, open=False) as pool:
            await work(pool, *arguments)

    asyncio.run(run())


def test_a_job_of_a_worker_that_lives_is_left_alone(
    services: Services, tables: Tables, job_id: int
) -> None:
    worker_id = tables.value("select procrastinate_register_worker_v1()")
    tables.execute("select procrastinate_fetch_job_v2(null, %s)", worker_id)
    with_pool(services, job_upkeep.recover_stalled_jobs, 30)
    assert tables.value("select status from procrastinate_jobs where id = %s", job_id) == "doing"


def test_a_job_of_a_worker_without_a_heartbeat_runs_again(
    services: Services, tables: Tables, job_id: int
) -> None:
    worker_id = tables.value("select procrastinate_register_worker_v1()")
    tables.execute("select procrastinate_fetch_job_v2(null, %s)", worker_id)
    tables.execute("update procrastinate_workers set last_heartbeat = now() - interval '31 s'")
    with_pool(services, job_upkeep.recover_stalled_jobs, 30)
    query = "select status, attempts, scheduled_at from procrastinate_jobs where id = %s"
    assert tables.rows(query, job_id) == [("todo", 1, None)]


def test_only_jobs_that_ended_long_ago_are_deleted(services: Services, tables: Tables) -> None:
    ages = {"succeeded": 25, "failed": 25, "todo": 10_000, "doing": 10_000}
    for status, hours in ages.items():
        tables.execute(
            """with job as (
                   insert into procrastinate_jobs (queue_name, task_name, status)
                   values ('a queue', %s, %s) returning id)
               insert into procrastinate_events (job_id, type, at)
               select id, 'started', now() - make_interval(hours => %s) from job""",
            status,
            status,
            hours,
        )
    tables.execute(
        "update procrastinate_events set at = now() - interval '25 h' where type = 'deferred'"
    )
    with_pool(services, job_upkeep.delete_old_jobs)
    left = tables.rows("select status::text from procrastinate_jobs order by 1")
    assert [status for (status,) in left] == ["doing", "failed", "todo"]
