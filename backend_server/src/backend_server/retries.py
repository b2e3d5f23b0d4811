"""When a job that failed is tried again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted

from backend_server.errors import PartUnavailable
from backend_server.grpc_clients import PostponedCallError, TemporaryCallError

if TYPE_CHECKING:
    from procrastinate.jobs import Job

FIRST_DELAY_SECONDS = 5.0
LONGEST_DELAY_SECONDS = 15 * 60.0
# Of each delay, drawn at random so that jobs which failed together do not come back together.
JITTER = 0.2
# The provider forgets an idempotency key after 24 hours: no try may come later. With every delay at
# its longest, this many end 20 hours after the first.
MOST_RETRIES = int(20 * 3600 / LONGEST_DELAY_SECONDS)

TEMPORARY_ERRORS = (TemporaryCallError, PartUnavailable)


class RetryWhatMaySucceed(BaseRetryStrategy):
    """Tries again, ever later, after an error that may pass; at once after a stop of the worker."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts >= MOST_RETRIES or not isinstance(exception, TEMPORARY_ERRORS):
            return None
        return RetryDecision(retry_in={"seconds": round(_delay_seconds(exception, job.attempts))})


def _delay_seconds(exception: BaseException, attempts: int) -> float:
    """Between 5 seconds and 15 minutes; at least what the called service asks for."""
    delay: float = FIRST_DELAY_SECONDS * 2 ** min(attempts, 10)
    if isinstance(exception, PostponedCallError):
        delay = max(delay, exception.retry_after_seconds)
    jitter = random.uniform(1 - JITTER, 1)  # noqa: S311 (nothing secret is drawn)
    return min(delay, LONGEST_DELAY_SECONDS) * jitter
