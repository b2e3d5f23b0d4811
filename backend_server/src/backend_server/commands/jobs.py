"""What waits, what was given up and why; and doing it again."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from backend_server import failed_jobs, lane_pauses
from backend_server.commands.operation import FAILED, fail, operating, say
from backend_server.notifications import failed_chunks
from backend_server.notifications.failed_chunks import MayHaveBeenSentError

if TYPE_CHECKING:
    from backend_server.services import Services

MOST_LISTED: Final = 50


def run(arguments: argparse.Namespace) -> None:
    with operating() as services:
        match arguments.action:
            case "list":
                _list(services)
            case "again":
                _again(services, arguments)
            case "deliver-again":
                _deliver_again(services, arguments)


def _list(services: Services) -> None:
    """Ends with 1 when something was given up."""
    with services.database.reading() as connection:
        queues = failed_jobs.queues(connection)
        pauses = lane_pauses.paused_lanes(connection)
        jobs = failed_jobs.failed_jobs(connection, MOST_LISTED)
        chunks = failed_chunks.failed_chunks(connection, MOST_LISTED)
    for queue in queues:
        oldest = "" if queue.oldest_seconds is None else f", oldest {queue.oldest_seconds:.0f} s"
        say(f"{queue.queue}: {queue.waiting} wait{oldest}, {queue.running} run")
    for pause in pauses:
        say(f"{pause.queue} is paused since {_utc(pause.since)}: {pause.reason}")
    for job in jobs:
        at = f" at {_utc(job.failed_at)}" if job.failed_at else ""
        say(f"job {job.id} failed{at}, try {job.attempts}: {job.task} {job.arguments}")
    for chunk in chunks:
        at = _utc(chunk.failed_at)
        say(f"chunk {chunk.id} failed at {at}, {chunk.readers} readers: {chunk.reason}")
    if jobs or chunks:
        sys.exit(FAILED)


def _again(services: Services, arguments: argparse.Namespace) -> None:
    if not arguments.ids and not arguments.all:
        fail("Say which jobs, or --all.")
    count = failed_jobs.run_again(services.database, None if arguments.all else arguments.ids)
    if not count:
        fail("No such job has failed.")
    say(f"{count} jobs are queued again.")


def _deliver_again(services: Services, arguments: argparse.Namespace) -> None:
    try:
        queued = failed_chunks.deliver_again(
            services.database, arguments.id, may_send_twice=arguments.may_send_twice
        )
    except MayHaveBeenSentError:
        fail("Some readers may have this mail already; --may-send-twice sends it all the same.")
    if not queued:
        fail(f"No chunk {arguments.id} has failed.")
    say(f"The chunk {arguments.id} is queued again.")


def _utc(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
