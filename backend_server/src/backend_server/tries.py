"""For how long a job has been tried."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backend_server.database import Database

# The provider forgets an idempotency key after 24 hours; a later try could send a mail twice.
LONGEST_TRYING: Final = timedelta(hours=20)

_TRIED_FOR: Final = """
    select now() - min(at) from procrastinate_events where job_id = %s and type = 'started'"""


class TriedForTooLongError(Exception):
    """What became of an earlier try is unknown, and by now it cannot be found out."""


def check_not_tried_for_too_long(database: Database, job_id: int) -> None:
    """By the clock, whatever kept the job from running meanwhile. Raises `TriedForTooLongError`."""
    with database.reading() as connection:
        row = connection.execute(_TRIED_FOR, [job_id]).fetchone()
    tried_for = row[0] if row else None
    if tried_for is not None and tried_for > LONGEST_TRYING:
        raise TriedForTooLongError(f"first tried {tried_for} ago")
