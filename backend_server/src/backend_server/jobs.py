"""Work that leaves the process: a row in the transaction that asks for it, then the worker's turn.

Tasks are registered on `app` by each feature's `jobs.py`. They take the job's context first, from
which `services_of` gives what they work with. A task may run more than once: its worker can die
before the job is marked as done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from psycopg.sql import SQL, Composed, Literal
from psycopg.types.json import Jsonb

from backend_server import origin
from backend_server.database import psycopg_connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from procrastinate import JobContext
    from procrastinate.types import JSONDict, JSONValue
    from sqlalchemy.orm import Session

    from backend_server.services import Services

ACCOUNT_MAIL = "account_mail"
FAN_OUT = "fan_out"
DIGESTS = "digests"
DELIVERY = "delivery"
MAIL_EVENTS = "mail_events"

SERVICES_KEY = "services"

# What procrastinate's workers take for the news of a job.
NEW_JOB = '{"type": "job_inserted", "job_id": 0}'

_QUEUE_ONE = SQL("""
    procrastinate_defer_jobs_v1(array[
        ({queue}, {task_name}, 0, null, null, {arguments} || %(origin)s, null
        )::procrastinate_job_to_defer_v1
    ])""")

# Neither connects here: the worker opens the app, and jobs are queued on the session's connection.
app = App(
    connector=PsycopgConnector(),
    import_paths=["backend_server.accounts.jobs", "backend_server.notifications.jobs"],
)
_queueing = JobManager(SyncPsycopgConnector())


def defer(
    session: Session, task_name: str, *, queue: str, priority: int = 0, **arguments: JSONValue
) -> int:
    """Queue one job, which exists once the session's transaction commits. Returns its id."""
    return defer_each(session, task_name, [arguments], queue=queue, priority=priority)[0]


def defer_each(
    session: Session,
    task_name: str,
    arguments: Iterable[JSONDict],
    *,
    queue: str,
    priority: int = 0,
) -> list[int]:
    """Queue one job for each set of arguments, in one statement. Returns their ids, in order."""
    caused_by = origin.argument()
    jobs = [
        Job(
            queue=queue,
            task_name=task_name,
            priority=priority,
            task_kwargs={**each, **caused_by},
            lock=None,
            queueing_lock=None,
        )
        for each in arguments
    ]
    queued = _queueing.batch_defer_jobs(jobs, connection=psycopg_connection(session))
    return [cast("int", job.id) for job in queued]


def queue_within(task_name: str, *, queue: str, arguments: SQL) -> Composed:
    """An SQL expression that queues one job, for the very statement that writes what it is about.

    `arguments` is an SQL expression of type jsonb; the statement's parameter `origin` is
    `origin_parameter()`.
    """
    return _QUEUE_ONE.format(
        queue=Literal(queue), task_name=Literal(task_name), arguments=arguments
    )


def origin_parameter() -> Jsonb:
    """For a statement that queues a job itself."""
    return Jsonb(origin.argument())


def channel_of(queue: str) -> str:
    """Where to NOTIFY of a new job in the queue."""
    return f"procrastinate_queue_v1#{queue}"


def services_of(context: JobContext) -> Services:
    """What the worker gave its tasks to work with."""
    return cast("Services", context.additional_context[SERVICES_KEY])
