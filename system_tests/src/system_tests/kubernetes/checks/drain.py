"""A node is drained: budgets keep what serves, also where there is no other node to go to."""

from __future__ import annotations

import json
import time
from typing import Final

from system_tests.kubernetes.cluster import (
    EDGE_NAMESPACE,
    NAMESPACE,
    ClusterError,
    get,
    kubectl,
    ready_pods,
    wait_in_cluster,
    web_url,
)
from system_tests.kubernetes.report import Line
from system_tests.kubernetes.traffic import IDEMPOTENT, OTHER, Traffic

# Those with a budget. What there is one of would just leave, and come back on another node.
KEPT: Final = (
    ("backend-server", NAMESPACE),
    ("worker", NAMESPACE),
    ("client", NAMESPACE),
    ("heavy-computation", NAMESPACE),
    ("traefik", EDGE_NAMESPACE),
)
DRAIN_SECONDS: Final = 60
BACK_SECONDS: Final = 300.0


def check() -> list[Line]:
    node = str(get("nodes")["items"][0]["metadata"]["name"])
    before = _ready()
    with Traffic(web_url()) as traffic:
        try:
            said = _drain(node)
            time.sleep(5)
            during = _ready()
        finally:
            kubectl("uncordon", node)
        wait_in_cluster(lambda: _ready() == before, "as many as before", BACK_SECONDS)
    reads, writes = traffic.failures(IDEMPOTENT), traffic.failures(OTHER)
    for failure in [*reads, *writes][:5]:
        print(f"  {failure}")
    budgets_hold = all(during[name] >= before[name] - 1 > 0 for name in before)
    return [
        Line(
            "drain of the node",
            "no service loses more than one pod",
            f"{', '.join(f'{name} {during[name]}/{before[name]}' for name in before)}; {said}",
            budgets_hold,
        ),
        Line(
            "requests during the drain",
            "0 failed reads, <= 0.1 % of writes",
            f"{len(reads)} of {traffic.count(IDEMPOTENT)} reads, "
            f"{len(writes)} of {traffic.count(OTHER)} writes failed",
            not reads and len(writes) <= 0.001 * traffic.count(OTHER),
        ),
    ]


def _ready() -> dict[str, int]:
    return {
        name: ready_pods(f"app.kubernetes.io/name={name}", namespace) for name, namespace in KEPT
    }


def _drain(node: str) -> str:
    """What became of it: on the only node, it ends with pods that may not go."""
    names = ",".join(name for name, _ in KEPT)
    try:
        kubectl(
            *("drain", node, "--ignore-daemonsets", "--delete-emptydir-data"),
            *("--pod-selector", f"app.kubernetes.io/name in ({names})"),
            *("--timeout", f"{DRAIN_SECONDS}s"),
            seconds=3 * DRAIN_SECONDS,
        )
    except ClusterError as refused:
        count = str(refused).count("disruption budget")
        return f"refused {count} times by budgets" if count else json.dumps(str(refused)[-80:])
    return "all evicted"
