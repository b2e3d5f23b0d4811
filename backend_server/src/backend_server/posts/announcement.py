"""Wakes up who waits for posts: heavy_computation and the worker.

After the commit, because transactions that notify commit one after the other, each waiting for its
own write to disk; a notification by itself writes nothing. One tells of all posts that were written
before it. One that gets lost costs a moment: both also look for themselves.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from backend_server import jobs
from backend_server.errors import PartUnavailable
from backend_server.shared_runs import SharedRuns

if TYPE_CHECKING:
    from backend_server.database import Database

_ANNOUNCE: Final = "select pg_notify('changes', ''), pg_notify(%s, %s)"

_announcements: Final[SharedRuns[None]] = SharedRuns()


def announce_post(database: Database) -> None:
    """Never fails: what it announces is done already."""
    with suppress(PartUnavailable):
        _announcements.run(database, lambda: _announce(database))


def _announce(database: Database) -> None:
    with database.reading() as connection:
        connection.execute(_ANNOUNCE, [jobs.channel_of(jobs.FAN_OUT), jobs.NEW_JOB])
