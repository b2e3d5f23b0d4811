"""Each service is replaced while people use it (bar R15)."""

from __future__ import annotations

import time
from typing import Final

from system_tests.kubernetes.checks.installation import WORKLOADS
from system_tests.kubernetes.cluster import (
    Workload,
    kubectl,
    pods,
    wait_for_rollout,
    wait_in_cluster,
    web_url,
)
from system_tests.kubernetes.report import Line
from system_tests.kubernetes.traffic import IDEMPOTENT, OTHER, Traffic

ROLLOUT_SECONDS: Final = 600.0
# The longest grace that a pod has, and some more.
LEAVING_SECONDS: Final = 90.0
# Of traffic before and after: what fails late still counts.
MARGIN_SECONDS: Final = 5.0
MOST_OTHERS_FAILED: Final = 0.001


def check() -> list[Line]:
    return [_roll(workload) for workload in WORKLOADS]


def _none_leaves(workload: Workload) -> bool:
    found = pods(f"app.kubernetes.io/name={workload.name}", workload.namespace)
    return not any("deletionTimestamp" in pod["metadata"] for pod in found)


def _roll(workload: Workload) -> Line:
    with Traffic(web_url()) as traffic:
        time.sleep(MARGIN_SECONDS)
        kubectl("rollout", "restart", str(workload), "--namespace", workload.namespace)
        started_at = time.monotonic()
        wait_for_rollout(workload, ROLLOUT_SECONDS)
        seconds = time.monotonic() - started_at
        # A rollout is done before the old ones have let go of their last requests.
        wait_in_cluster(lambda: _none_leaves(workload), "the old ones are gone", LEAVING_SECONDS)
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
