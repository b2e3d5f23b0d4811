"""Keeps the table of jobs in order: jobs of dead workers run again, old ones are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog

from backend_server.database import psycopg_connection
from backend_server.repeating import repeat_forever

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from backend_server.config import Settings
    from backend_server.database import Database

log: Final = structlog.get_logger(__name__)

# A job that takes its worker down with it must not do so for ever.
MOST_RECOVERIES: Final = 4

CLEAN_UP_SECONDS: Final = 10 * 60.0
KEEP_DONE_HOURS: Final = 24
# Failed jobs are what an operator looks at.
KEEP_FAILED_HOURS: Final = 30 * 24
# Bounds each delete.
DELETE_AT_ONCE: Final = 5_000

# Jobs of workers that are gone or have lost their heartbeat count as failed. An event `retried`
# is what each recovery leaves behind, and nothing else does.
_FAIL_STALLED: Final = """
    with stalled as (
        select jobs.id
        from procrastinate_jobs jobs
        left join procrastinate_workers workers on workers.id = jobs.worker_id
        where jobs.status = 'doing'
          and (workers.id is null
               or workers.last_heartbeat < now() - make_interval(secs => %(stalled_after)s))
        for update of jobs skip locked
    )
    update procrastinate_jobs jobs
    set status = 'failed', attempts = attempts + 1, abort_requested = false
    from stalled
    where jobs.id = stalled.id
    returning jobs.id, jobs.task_name,
              (select count(*) from procrastinate_events
               where job_id = jobs.id and type = 'retried') as recoveries"""

_RUN_AGAIN: Final = """
    update procrastinate_jobs set status = 'todo', scheduled_at = null
    where id = any(%s) and status = 'failed'"""

_FORGET_RECOVERIES: Final = """
    delete from procrastinate_events where job_id = %s and type = 'retried'"""

_DELETE_OLD: Final = """
    delete from procrastinate_jobs
    where id in (
        select id from procrastinate_jobs jobs
        where status = any(%(statuses)s::procrastinate_job_status[])
          and not exists (
              select from procrastinate_events
              where job_id = jobs.id and at > now() - make_interval(hours => %(hours)s))
        order by id
        limit %(limit)s)"""


async def recover_stalled_jobs_forever(pool: AsyncConnectionPool, settings: Settings) -> None:
    """Several workers may do so at once: each job is recovered by one of them."""
    await repeat_forever(
        lambda: recover_stalled_jobs(pool, settings.worker_stalled_after_seconds),
        every_seconds=settings.worker_recovery_seconds,
        event_when_put_off="recovery_put_off",
    )


async def recover_stalled_jobs(pool: AsyncConnectionPool, stalled_after_seconds: float) -> None:
    """Queue the jobs of dead workers again, but not a job whose workers keep dying."""
    async with pool.connection() as connection, connection.transaction():
        parameters = {"stalled_after": stalled_after_seconds}
        stalled = await (await connection.execute(_FAIL_STALLED, parameters)).fetchall()
        again = [job_id for job_id, _, recoveries in stalled if recoveries < MOST_RECOVERIES]
        await connection.execute(_RUN_AGAIN, [again])
    for job_id, task_name, recoveries in stalled:
        event = "job_recovered" if recoveries < MOST_RECOVERIES else "job_given_up"
        log.warning(event, job_id=job_id, task=task_name, recoveries=recoveries)


def forget_recoveries(database: Database, job_id: int) -> None:
    """A job that gets on is none that only takes its workers down with it."""
    with database.transaction() as session:
        psycopg_connection(session).execute(_FORGET_RECOVERIES, [job_id])
        session.commit()


async def delete_old_jobs_forever(pool: AsyncConnectionPool) -> None:
    await repeat_forever(
        lambda: delete_old_jobs(pool),
        every_seconds=CLEAN_UP_SECONDS,
        event_when_put_off="clean_up_put_off",
    )


async def delete_old_jobs(pool: AsyncConnectionPool) -> None:
    await _delete_old(pool, ["succeeded", "cancelled", "aborted"], KEEP_DONE_HOURS)
    await _delete_old(pool, ["failed"], KEEP_FAILED_HOURS)


async def _delete_old(pool: AsyncConnectionPool, statuses: list[str], hours: int) -> None:
    parameters: dict[str, Any] = {"statuses": statuses, "hours": hours, "limit": DELETE_AT_ONCE}
    deleted = DELETE_AT_ONCE
    while deleted == DELETE_AT_ONCE:
        async with pool.connection() as connection:
            deleted = (await connection.execute(_DELETE_OLD, parameters)).rowcount
