"""Runs one queue's jobs, through restarts of Postgres and pauses that the mailer asks for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, LiteralString

import psycopg
import structlog
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.worker import Worker

from backend_server import jobs, lane_pauses
from backend_server.errors import PartUnavailable
from backend_server.grpc_errors import PostponedCallError
from backend_server.origin import under_its_origin
from backend_server.retries import TEMPORARY_ERRORS
from backend_server.tries import check_not_tried_for_too_long

if TYPE_CHECKING:
    from procrastinate import JobContext
    from procrastinate.middleware import AsyncCallNext

    from backend_server.services import Services

log: Final = structlog.get_logger(__name__)

# Longer than any call of a job lasts.
DRAIN_SECONDS: Final = 20.0
# New jobs announce themselves; jobs that are tried again do not, and procrastinate forgets what is
# announced while it looks and finds nothing. A reset code must not wait long for that.
POLL_SECONDS: Final = 1.0
RESTART_SECONDS: Final = 1.0


class PatientConnector(PsycopgConnector):
    """Waits for Postgres, so that what became of a job is not lost while Postgres restarts."""

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        while True:
            try:
                await super().execute_query_async(query, **arguments)
            except ConnectorException as error:
                if not isinstance(error.__cause__, psycopg.OperationalError):
                    raise
                log.warning("postgres_away", error=str(error.__cause__))
                await asyncio.sleep(RESTART_SECONDS)
            else:
                return


class Lane:
    def __init__(self, queue: str, at_once: int, services: Services) -> None:
        self._queue = queue
        self._at_once = at_once
        self._services = services
        # On the clock of time.monotonic().
        self._paused_until = 0.0
        # Perhaps before this worker began.
        self._has_noted_pause = True

    async def run(self) -> None:
        """Ends only when it is cancelled, once the running jobs are done."""
        this_task = asyncio.current_task()
        while this_task is not None and not this_task.cancelling():
            try:
                await self._do_jobs()
            except Exception as error:
                # Whatever it was, jobs are waiting.
                log.warning("lane_interrupted", queue=self._queue, error=repr(error))
            await asyncio.sleep(max(RESTART_SECONDS, self._paused_until - monotonic()))

    async def _do_jobs(self) -> None:
        jobs.app.perform_import_paths()  # type: ignore[no-untyped-call]  # it is not typed
        worker = self._new_worker()
        working: asyncio.Task[None] = asyncio.create_task(
            worker.run()  # type: ignore[no-untyped-call]  # procrastinate does not type it
        )
        try:
            # A cancellation inside may be lost, or break off what has begun: it is told to stop.
            await asyncio.shield(working)
        except asyncio.CancelledError:
            worker.stop()  # type: ignore[no-untyped-call]  # procrastinate does not type it
            await working
            raise

    def _new_worker(self) -> Worker:
        settings = self._services.settings
        return Worker(
            jobs.app,
            queues=[self._queue],
            name=self._queue,
            concurrency=self._at_once,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=DRAIN_SECONDS,
            additional_context={jobs.SERVICES_KEY: self._services},
            install_signal_handlers=False,
            update_heartbeat_interval=settings.worker_heartbeat_seconds,
            stalled_worker_timeout=settings.worker_stalled_after_seconds,
            worker_middleware=[under_its_origin, self._around_job],
        )

    async def _around_job(
        self, call_next: AsyncCallNext, context: JobContext, worker: Worker
    ) -> Any:
        """One log line a job; and a pause for all of them when one is told to wait."""
        started_at = monotonic()
        job = context.job
        about = {"task": job.task_name, "job_id": job.id, "attempt": job.attempts + 1}
        try:
            await self._check_age(context)
            result = await call_next()
        except TEMPORARY_ERRORS as error:
            log.warning("job_put_off", **about, error=str(error))
            if isinstance(error, PostponedCallError):
                self._paused_until = monotonic() + error.retry_after_seconds
                worker.stop()  # type: ignore[no-untyped-call]  # procrastinate does not type it
                await self._note_pause(error)
            raise
        except JobAborted:
            raise
        except Exception as error:
            log.error("job_failed", **about, error=repr(error))
            raise
        # What was in the way of others is gone: a quota was refilled, a mailer is back.
        self._paused_until = 0.0
        if self._has_noted_pause:
            await self._forget_pause()
        log.info("job_done", **about, milliseconds=round((monotonic() - started_at) * 1000))
        return result

    async def _check_age(self, context: JobContext) -> None:
        """Of account mail; a chunk keeps its own time."""
        job = context.job
        if self._queue == jobs.ACCOUNT_MAIL and job.attempts > 0 and job.id is not None:
            await asyncio.to_thread(check_not_tried_for_too_long, self._services.database, job.id)

    async def _note_pause(self, error: PostponedCallError) -> None:
        if error.retry_after_seconds < lane_pauses.LEAST_SECONDS:
            return
        log.error("lane_paused", queue=self._queue, seconds=error.retry_after_seconds)
        self._has_noted_pause = True
        with suppress(PartUnavailable):
            await asyncio.to_thread(
                lane_pauses.note_pause,
                self._services.database,
                self._queue,
                error.message,
                error.retry_after_seconds,
            )

    async def _forget_pause(self) -> None:
        with suppress(PartUnavailable):
            await asyncio.to_thread(lane_pauses.forget_pause, self._services.database, self._queue)
            self._has_noted_pause = False
