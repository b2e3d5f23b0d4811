"""Wakes up the lane of digests when one is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from backend_server import jobs
from backend_server.notifications.digests import WRITE_DIGESTS
from backend_server.repeating import repeat_forever

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

# A digest is late by no more than this.
LOOK_SECONDS: Final = 20.0
PAUSE_AFTER_FAILURE: Final = timedelta(hours=1)

# One job writes all that are due, however many workers look; a second one finds nothing to do. One
# that failed, or that killed its workers, is left alone for a while.
_QUEUE: Final = """
    insert into procrastinate_jobs (queue_name, task_name)
    select %(queue)s::varchar, %(task)s::varchar
    where exists (select from digests where next_at <= now())
      and not exists (
          select from procrastinate_jobs jobs
          where queue_name = %(queue)s::varchar
            and (status in ('todo', 'doing')
                 or (status = 'failed' and exists (
                     select from procrastinate_events
                     where job_id = jobs.id and at > now() - %(pause)s))))"""


async def queue_due_digests_forever(pool: AsyncConnectionPool) -> None:
    """Several workers may do so at once."""
    await repeat_forever(
        lambda: queue_due_digests(pool),
        every_seconds=LOOK_SECONDS,
        event_when_put_off="digests_put_off",
    )


async def queue_due_digests(pool: AsyncConnectionPool) -> None:
    parameters = {
        "queue": jobs.DIGESTS,
        "task": WRITE_DIGESTS,
        "pause": PAUSE_AFTER_FAILURE,
    }
    async with pool.connection() as connection:
        await connection.execute(_QUEUE, parameters)
