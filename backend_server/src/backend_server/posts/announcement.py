"""Wakes up who waits for posts: heavy_computation and the worker.

After the commit, because transactions that notify commit one after the other, each waiting for its
own write to disk; a notification by itself writes nothing. One that gets lost costs a moment: both
also look for themselves.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from backend_server import jobs
from backend_server.errors import PartUnavailable

if TYPE_CHECKING:
    from backend_server.database import Database

_ANNOUNCE: Final = "select pg_notify('changes', ''), pg_notify(%s, %s)"


def announce_post(database: Database) -> None:
    """Never fails: what it announces is done already."""
    with suppress(PartUnavailable), database.reading() as connection:
        connection.execute(_ANNOUNCE, [jobs.channel_of(jobs.FAN_OUT), jobs.NEW_JOB])
