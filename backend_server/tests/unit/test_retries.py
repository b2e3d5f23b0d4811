import pytest
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.utils import utcnow

from backend_server.errors import PartUnavailable
from backend_server.grpc_errors import PostponedCallError, RefusedCallError, TemporaryCallError
from backend_server.retries import (
    FIRST_DELAY_SECONDS,
    LONGEST_DELAY_SECONDS,
    MOST_RETRIES,
    RetryWhatMaySucceed,
)


def delay_seconds(error: BaseException, attempts: int) -> float | None:
    """Until the job is tried again; None when it is given up."""
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
    before = utcnow()
    decision = RetryWhatMaySucceed().get_retry_decision(exception=error, job=job)
    if decision is None:
        return None
    assert decision.retry_at is not None
    return (decision.retry_at - before).total_seconds()


@pytest.mark.parametrize("error", [TemporaryCallError("away"), PartUnavailable("postgres")])
def test_what_may_pass_is_tried_again_soon(error: Exception) -> None:
    delay = delay_seconds(error, attempts=0)
    assert delay is not None
    assert FIRST_DELAY_SECONDS / 2 <= delay <= FIRST_DELAY_SECONDS + 1


@pytest.mark.parametrize("error", [RefusedCallError("no"), ValueError("a bug")])
def test_what_cannot_succeed_is_given_up(error: Exception) -> None:
    assert delay_seconds(error, attempts=0) is None


def test_delays_grow_to_a_quarter_of_an_hour() -> None:
    delay = delay_seconds(TemporaryCallError("away"), attempts=50)
    assert delay is not None
    assert LONGEST_DELAY_SECONDS / 2 <= delay <= LONGEST_DELAY_SECONDS + 1


def test_a_service_that_names_its_delay_is_obeyed_up_to_a_quarter_of_an_hour() -> None:
    patient = delay_seconds(PostponedCallError("limit", 300), attempts=0)
    very_patient = delay_seconds(PostponedCallError("quota", 86_400), attempts=0)
    assert patient is not None
    assert very_patient is not None
    assert patient >= 300
    assert LONGEST_DELAY_SECONDS <= very_patient <= LONGEST_DELAY_SECONDS + 1


def test_tries_end_before_the_provider_forgets_their_key() -> None:
    assert delay_seconds(TemporaryCallError("away"), attempts=MOST_RETRIES) is None
    assert MOST_RETRIES * LONGEST_DELAY_SECONDS <= 20 * 3600


def test_a_job_interrupted_by_a_stop_goes_on_at_once() -> None:
    delay = delay_seconds(JobAborted(), attempts=MOST_RETRIES)
    assert delay is not None
    assert delay <= 1
