"""What the API and the worker count and time, in the words of Prometheus.

The API's processes count together, in files that they share; see `metrics_server`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import Counter, Histogram

# Upper bounds, in seconds: from a page that is kept to what callers do not wait for any more.
_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0)
# Every metric has a label: without one, its value would be made at import, before anybody has
# decided whether processes share it.
HTTP_REQUESTS: Final = Counter("http_requests", "Requests answered", ["method", "route", "status"])
HTTP_SECONDS: Final = Histogram(
    "http_request_seconds", "How long answers took", ["route"], buckets=_SECONDS
)
DEGRADED_ANSWERS: Final = Counter(
    "degraded_answers", "Answers with less than usual, because a part was down", ["route"]
)
CALLS: Final = Counter(
    "grpc_client_handled",
    "Calls of services, by how they ended",
    ["grpc_method", "grpc_code"],
)
CALL_SECONDS: Final = Histogram(
    "grpc_client_handling_seconds", "How long calls took", ["grpc_method"], buckets=_SECONDS
)
CIRCUITS_OPENED: Final = Counter(
    "circuits_opened", "How often calls were given up for a moment", ["operation"]
)
JOBS: Final = Counter("jobs", "Jobs done or tried, by what became of them", ["task", "outcome"])
JOB_SECONDS: Final = Histogram("job_seconds", "How long jobs took", ["task"], buckets=_SECONDS)
MAILS: Final = Counter("mails", "Mails, by what became of them", ["outcome"])


def observe_request(
    method: str, route: str, status: str, seconds: float, *, is_degraded: bool
) -> None:
    HTTP_REQUESTS.labels(method, route, status).inc()
    HTTP_SECONDS.labels(route).observe(seconds)
    if is_degraded:
        DEGRADED_ANSWERS.labels(route).inc()


@contextmanager
def observed_job(task: str) -> Iterator[None]:
    """A job that raises is `failed`, whether or not it is tried again."""
    started_at = time.perf_counter()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        JOBS.labels(task, outcome).inc()
        JOB_SECONDS.labels(task).observe(time.perf_counter() - started_at)
