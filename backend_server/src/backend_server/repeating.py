"""Repeats what a worker does beside its jobs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import psycopg
import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log: Final = structlog.get_logger(__name__)


async def repeat_forever(
    do: Callable[[], Awaitable[None]], *, every_seconds: float, event_when_put_off: str
) -> None:
    """Ends when it is cancelled. While Postgres is away, the work waits for its next turn."""
    this_task = asyncio.current_task()
    # A cancellation that arrives together with a connection from the pool is lost by the
    # asyncio.wait_for of Python 3.11; the task remembers that it was asked for.
    while this_task is not None and not this_task.cancelling():
        try:
            await do()
        except psycopg.OperationalError as error:
            log.warning(event_when_put_off, error=str(error))
        if not this_task.cancelling():
            await asyncio.sleep(every_seconds)
