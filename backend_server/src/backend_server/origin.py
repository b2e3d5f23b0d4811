"""What caused a job: it goes on under the id of the request, and in its trace.

Both travel among the job's arguments, where its task does not see them.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backend_server import request_id, tracing
from backend_server.metrics import observed_job

if TYPE_CHECKING:
    from procrastinate import JobContext
    from procrastinate.middleware import AsyncCallNext
    from procrastinate.types import JSONDict
    from procrastinate.worker import Worker

ARGUMENT: Final = "origin"


class Origin(NamedTuple):
    # `request_id.NONE` for what no request caused.
    request_id: str
    # Empty when nobody collects traces.
    traceparent: str


def argument() -> JSONDict:
    """For a job that is queued now."""
    current = request_id.current()
    if current == request_id.NONE:
        return {}
    return {ARGUMENT: list(Origin(current, tracing.traceparent()))}


def take(arguments: MutableMapping[str, Any]) -> Origin:
    """Takes the origin out of a job's arguments; those of an older version have none."""
    given = arguments.pop(ARGUMENT, None)
    return Origin(*given) if given else Origin(request_id.NONE, "")


async def under_its_origin(call_next: AsyncCallNext, context: JobContext, _worker: Worker) -> Any:
    """Around each job of every worker, and outermost: what it logs and calls belongs to its origin.

    A job without one has an id of its own.
    """
    cause, task = take(context.job.task_kwargs), context.job.task_name
    is_own = cause.request_id == request_id.NONE
    request_id.begin(f"job-{context.job.id:08}" if is_own else cause.request_id)
    with tracing.span(task, "CONSUMER", parent=cause.traceparent), observed_job(task):
        return await call_next()
