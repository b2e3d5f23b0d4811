"""When a job that failed is tried again."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted

from backend_server.errors import PartUnavailable
from backend_server.grpc_errors import PostponedCallError, TemporaryCallError
from backend_server.tries import LONGEST_TRYING

if TYPE_CHECKING:
    from procrastinate.jobs import Job

FIRST_DELAY_SECONDS = 5.0
LONGEST_DELAY_SECONDS = 15 * 60.0
# Of each delay, drawn at random so that jobs which failed together do not come back together.
JITTER = 0.2
# No try may come 24 hours after the first: see `tries`. With every delay at its longest, so many
# take that long.
MOST_RETRIES = int(LONGEST_TRYING.total_seconds() / LONGEST_DELAY_SECONDS)

TEMPORARY_ERRORS = (TemporaryCallError, PartUnavailable)


class RetryWhatMaySucceed(BaseRetryStrategy):
    """Tries again, ever later, after an error that may pass; at once after a stop of the worker."""

    def __init__(self, most_retries: int | None = MOST_RETRIES) -> None:
        """Without `most_retries`, the task itself must know when to give up."""
        self._most_retries = most_retries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        is_last = self._most_retries is not None and job.attempts >= self._most_retries
        if is_last or not isinstance(exception, TEMPORARY_ERRORS):
            return None
        return RetryDecision(retry_in={"seconds": _delay_seconds(exception, job.attempts)})


def _delay_seconds(exception: BaseException, attempts: int) -> int:
    """Doubles from 5 seconds to 15 minutes; at least what the called service asks for."""
    delay: float = min(FIRST_DELAY_SECONDS * 2 ** min(attempts, 10), LONGEST_DELAY_SECONDS)
    delay *= random.uniform(1 - JITTER, 1)  # noqa: S311 (nothing secret is drawn)
    if isinstance(exception, PostponedCallError):
        delay = max(delay, min(exception.retry_after_seconds, LONGEST_DELAY_SECONDS))
    return math.ceil(delay)
