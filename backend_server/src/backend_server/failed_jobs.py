"""Jobs that were given up: kept for an operator to look at, and to have done again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psycopg.rows import class_row

from backend_server.database import psycopg_connection

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

_QUEUES: Final = """
    select queue_name as queue,
           count(*) filter (where status = 'todo') as waiting,
           count(*) filter (where status = 'doing') as running,
           count(*) filter (where status = 'failed') as failed,
           extract(epoch from now() - min(started.at) filter (where status = 'todo'))::float
               as oldest_seconds
    from procrastinate_jobs jobs
    left join lateral (
        select at from procrastinate_events where job_id = jobs.id order by id limit 1
    ) started on status = 'todo'
    where status in ('todo', 'doing', 'failed')
    group by queue_name
    order by queue_name"""

_FAILED: Final = """
    select jobs.id, task_name as task, attempts, args::text as arguments, last.at as failed_at
    from procrastinate_jobs jobs
    left join lateral (
        select at from procrastinate_events where job_id = jobs.id order by id desc limit 1
    ) last on true
    where status = 'failed'
    order by jobs.id desc
    limit %s"""

# As a new job, which has all its tries before it: what the old one went through does not count.
_AGAIN: Final = """
    with again as (
        delete from procrastinate_jobs
        where status = 'failed' and (%(all)s or id = any(%(ids)s))
        returning queue_name, task_name, priority, lock, args
    )
    insert into procrastinate_jobs (queue_name, task_name, priority, lock, args)
    select * from again
    returning id"""


class Queue(NamedTuple):
    queue: str
    waiting: int
    running: int
    failed: int
    # Since the oldest waiting job was queued; None when none waits.
    oldest_seconds: float | None


class FailedJob(NamedTuple):
    id: int
    task: str
    attempts: int
    # JSON. Jobs hold ids and addresses, never codes or passwords.
    arguments: str
    failed_at: datetime | None


def queues(connection: Connection[Any]) -> list[Queue]:
    with connection.cursor(row_factory=class_row(Queue)) as cursor:
        return cursor.execute(_QUEUES).fetchall()


def failed_jobs(connection: Connection[Any], most: int) -> list[FailedJob]:
    """The newest first."""
    with connection.cursor(row_factory=class_row(FailedJob)) as cursor:
        return cursor.execute(_FAILED, [most]).fetchall()


def run_again(database: Database, job_ids: Sequence[int] | None) -> int:
    """Those of these that failed; None means all of them. Returns how many there were."""
    with database.transaction() as session:
        parameters = {"ids": list(job_ids or ()), "all": job_ids is None}
        count = psycopg_connection(session).execute(_AGAIN, parameters).rowcount
        session.commit()
    return count
