"""The whole system, applied from its overlay, is ready."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from system_tests.kubernetes.cluster import (
    EDGE_NAMESPACE,
    NAMESPACE,
    Object,
    Workload,
    get,
    kubectl,
    wait_for_rollout,
    wait_in_cluster,
)
from system_tests.kubernetes.report import Line

FOLDER: Final = Path("deploy/kubernetes")
TRAEFIK: Final = FOLDER / "traefik"
READY_SECONDS: Final = 900.0

TRAEFIK_WORKLOAD: Final = Workload("deployment", "traefik", EDGE_NAMESPACE)
WORKLOADS: Final = (
    Workload("deployment", "client"),
    Workload("deployment", "backend-server"),
    Workload("deployment", "worker"),
    Workload("statefulset", "heavy-computation"),
    Workload("deployment", "mailer"),
    TRAEFIK_WORKLOAD,
)


def check(overlay: Path) -> list[Line]:
    started_at = time.monotonic()
    _apply(overlay)
    _wait_until_ready()
    seconds = time.monotonic() - started_at
    pods = get("pods")["items"]
    restarts = sum(map(_restarts, pods))
    return [
        Line(
            f"{overlay.name} applied and ready",
            "everything",
            f"{len(pods)} pods, {seconds:.0f} s, {restarts} restarts",
            holds=True,
        ),
        Line("routes accepted by Traefik", "each", *_routes()),
    ]


def _apply(overlay: Path) -> None:
    """As docs/how_to/run_on_kubernetes.md says."""
    kubectl("apply", "--filename", str(FOLDER / "base/namespace.yaml"))
    subprocess.run([sys.executable, str(FOLDER / "make_secrets.py")], check=True)
    kubectl("apply", "--kustomize", str(TRAEFIK))
    kubectl("delete", "job", "migrate", "--namespace", NAMESPACE, "--ignore-not-found")
    kubectl("apply", "--kustomize", str(overlay))


def _wait_until_ready() -> None:
    wait_in_cluster(_postgres_is_healthy, "Postgres is healthy", READY_SECONDS)
    kubectl(
        *("wait", "--for", "condition=complete", "job/migrate", "--namespace", NAMESPACE),
        *("--timeout", f"{READY_SECONDS:.0f}s"),
        seconds=READY_SECONDS + 60,
    )
    for workload in (Workload("statefulset", "valkey"), *WORKLOADS):
        wait_for_rollout(workload, READY_SECONDS)
    wait_in_cluster(_gateway_is_programmed, "the Gateway is programmed", READY_SECONDS)


def _postgres_is_healthy() -> bool:
    cluster = get("clusters.postgresql.cnpg.io", "postgres")
    status = cluster.get("status", {})
    return bool(status.get("readyInstances") == cluster["spec"]["instances"])


def _gateway_is_programmed() -> bool:
    return _has(get("gateway", "decoupled")["status"]["conditions"], "Programmed")


def _routes() -> tuple[str, bool]:
    routes = get("httproutes")["items"]
    accepted = [
        route["metadata"]["name"]
        for route in routes
        if all(
            _has(parent["conditions"], "Accepted") and _has(parent["conditions"], "ResolvedRefs")
            for parent in route.get("status", {}).get("parents", [{"conditions": []}])
        )
    ]
    return f"{len(accepted)} of {len(routes)}", len(accepted) == len(routes)


def _has(conditions: list[Object], kind: str) -> bool:
    return any(each["type"] == kind and each["status"] == "True" for each in conditions)


def _restarts(pod: Object) -> int:
    return sum(each["restartCount"] for each in pod["status"].get("containerStatuses", []))
