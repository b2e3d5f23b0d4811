"""Does the queued jobs until it is told to stop.

Account mail has a lane of its own, so that nobody waits for a reset code behind a large delivery.
"""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import structlog
from psycopg_pool import AsyncConnectionPool

from backend_server import garbage, job_upkeep, jobs, old_rows, tracing
from backend_server.app import create_services
from backend_server.database import BY_INDEX_ONLY
from backend_server.metrics_server import serve_metrics
from backend_server.notifications import digest_clock
from backend_server.waiting_work import WaitingWork
from backend_server.worker_lane import Lane, PatientConnector

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from backend_server.config import Settings

log: Final = structlog.get_logger(__name__)

# Queue → how many of its jobs run at once. Deliveries mostly wait for the mailer, which keeps to
# the provider's pace: as many as keep five calls a second going while each takes most of a second.
LANES: Final = {
    jobs.ACCOUNT_MAIL: 4,
    jobs.FAN_OUT: 1,
    jobs.DIGESTS: 1,
    jobs.DELIVERY: 4,
    jobs.MAIL_EVENTS: 1,
}

# Longer than a lane drains, and less than the 30 s after which orchestrators kill.
STOP_SECONDS: Final = 25.0
POOL_SIZE: Final = 4
POOL_WAIT_SECONDS: Final = 5.0
CONNECT_TIMEOUT_SECONDS: Final = 3


def run(settings: Settings) -> None:
    tracing.start("worker")
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(sum(LANES.values())))
    stopped = _on_stop_signal()
    with jobs.app.replace_connector(PatientConnector()):
        async with _open_pool(settings) as pool, jobs.app.open_async(pool):
            services = create_services(settings)
            if settings.worker_metrics_bind:
                serve_metrics(settings.worker_metrics_bind, WaitingWork(services, list(LANES)))
            lanes = [Lane(queue, at_once, services) for queue, at_once in LANES.items()]
            garbage.leave_out_what_is_there()
            log.info("worker_started", queues=list(LANES))
            await _run_until(
                stopped,
                *(lane.run() for lane in lanes),
                job_upkeep.recover_stalled_jobs_forever(pool, settings),
                job_upkeep.delete_old_jobs_forever(pool),
                old_rows.delete_old_rows_forever(pool),
                digest_clock.queue_due_digests_forever(pool),
            )
            log.info("worker_stopped")


def _on_stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    return stopped


def _open_pool(settings: Settings) -> AsyncConnectionPool:
    return AsyncConnectionPool(
        settings.database_url.reveal(),
        kwargs={
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "worker",
            "options": BY_INDEX_ONLY,
        },
        min_size=1,
        max_size=POOL_SIZE,
        timeout=POOL_WAIT_SECONDS,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


async def _run_until(stopped: asyncio.Event, *parts: Coroutine[Any, Any, None]) -> None:
    """Runs the parts, none of which ends by itself, and lets them finish what they have begun."""
    running = [asyncio.create_task(part) for part in parts]
    until_stopped = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait([until_stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    for task in (until_stopped, *running):
        task.cancel()
    _, unfinished = await asyncio.wait(running, timeout=STOP_SECONDS)
    if unfinished:
        # Their threads would keep the process alive. Another worker takes over what they had begun.
        log.error("worker_stop_timed_out", unfinished=len(unfinished))
        os._exit(1)
    for task in done - {until_stopped}:
        task.result()
