"""Each service is replaced while people use it (bar R15)."""

from __future__ import annotations

import time
from typing import Final

from system_tests.kubernetes.checks.installation import WORKLOADS
from system_tests.kubernetes.cluster import Workload, kubectl, wait_for_rollout, web_url
from system_tests.kubernetes.report import Line
from system_tests.kubernetes.traffic import IDEMPOTENT, OTHER, Traffic

ROLLOUT_SECONDS: Final = 600.0
# Of traffic before and after: what fails late still counts.
MARGIN_SECONDS: Final = 5.0
MOST_OTHERS_FAILED: Final = 0.001


def check() -> list[Line]:
    return [_roll(workload) for workload in WORKLOADS]


def _roll(workload: Workload) -> Line:
    with Traffic(web_url()) as traffic:
        time.sleep(MARGIN_SECONDS)
        kubectl("rollout", "restart", str(workload), "--namespace", workload.namespace)
        started_at = time.monotonic()
        wait_for_rollout(workload, ROLLOUT_SECONDS)
        seconds = time.monotonic() - started_at
        time.sleep(MARGIN_SECONDS)
    reads, writes = traffic.failures(IDEMPOTENT), traffic.failures(OTHER)
    for failure in [*reads, *writes][:5]:
        print(f"  {workload}: {failure}")
    few = len(writes) <= MOST_OTHERS_FAILED * traffic.count(OTHER)
    return Line(
        f"rolling update of {workload.name}",
        "0 failed reads, <= 0.1 % of writes",
        f"{len(reads)} of {traffic.count(IDEMPOTENT)} reads, "
        f"{len(writes)} of {traffic.count(OTHER)} writes failed; {seconds:.0f} s",
        not reads and few,
    )
