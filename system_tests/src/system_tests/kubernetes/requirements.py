"""What a cluster must bring along, and what of it is missing."""

from __future__ import annotations

from typing import Final

from system_tests.kubernetes.cluster import ClusterError, kubectl

# Definition → what brings it.
DEFINITIONS: Final = {
    "gatewayclasses.gateway.networking.k8s.io": "Gateway API",
    "gateways.gateway.networking.k8s.io": "Gateway API",
    "httproutes.gateway.networking.k8s.io": "Gateway API",
    "middlewares.traefik.io": "Traefik's definitions",
    "clusters.postgresql.cnpg.io": "CloudNativePG",
    "scheduledbackups.postgresql.cnpg.io": "CloudNativePG",
    "objectstores.barmancloud.cnpg.io": "CloudNativePG's Barman Cloud plugin",
}
OPERATORS: Final = {
    "cnpg-controller-manager": "CloudNativePG",
    "barman-cloud": "CloudNativePG's Barman Cloud plugin",
}
OPERATORS_NAMESPACE: Final = "cnpg-system"
METRICS: Final = "v1beta1.metrics.k8s.io"


def missing() -> list[str]:
    """A line for each thing; raises ClusterError when there is no cluster."""
    kubectl("version")
    return [
        *(f"{kind}, of {by}" for kind, by in DEFINITIONS.items() if not _is_there("crd", kind)),
        *(
            f"a running {name} in {OPERATORS_NAMESPACE}, of {by}"
            for name, by in OPERATORS.items()
            if not _runs(name)
        ),
        *([] if _is_there("apiservice", METRICS) else [f"{METRICS}, of the metrics server"]),
    ]


def _is_there(kind: str, name: str) -> bool:
    return bool(kubectl("get", kind, name, "--ignore-not-found", "--output", "name"))


def _runs(deployment: str) -> bool:
    path = "jsonpath={.status.availableReplicas}"
    try:
        return bool(
            kubectl(
                *("get", "deployment", deployment, "--namespace", OPERATORS_NAMESPACE),
                *("--output", path),
            )
        )
    except ClusterError:
        return False
