"""A cluster, through kubectl and the kubeconfig that it finds."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from system_tests.waiting import wait_until

Object = dict[str, Any]

NAMESPACE: Final = "decoupled"
EDGE_NAMESPACE: Final = "traefik"
# Of one call; those that wait are told how long by an argument.
CALL_SECONDS: Final = 120.0
# A call is a process: asked as often as within one machine, they would be a load of their own.
POLL_SECONDS: Final = 1.0
FORWARDING: Final = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+)")


class ClusterError(Exception):
    """What kubectl said."""


@dataclass(frozen=True)
class Workload:
    """Something that runs pods."""

    kind: str
    name: str
    namespace: str = NAMESPACE

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def kubectl(*arguments: str, given: str | None = None, seconds: float = CALL_SECONDS) -> str:
    """Raises ClusterError."""
    try:
        done = subprocess.run(
            ["kubectl", *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise ClusterError(f"kubectl {' '.join(arguments)}: {error.stderr.strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise ClusterError(f"kubectl {' '.join(arguments)}: not within {seconds:.0f} s") from error
    return done.stdout


def get(kind: str, *arguments: str, namespace: str = NAMESPACE) -> Object:
    """One object, or a list in `items`."""
    found = kubectl("get", kind, *arguments, "--namespace", namespace, "--output", "json")
    return dict(json.loads(found))


def pods(selector: str, namespace: str = NAMESPACE) -> list[Object]:
    return list(get("pods", "--selector", selector, namespace=namespace)["items"])


def is_ready(pod: Object) -> bool:
    """Not one that is on its way out, though it still answers."""
    if "deletionTimestamp" in pod["metadata"]:
        return False
    conditions = pod["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def ready_pods(selector: str, namespace: str = NAMESPACE) -> int:
    return sum(map(is_ready, pods(selector, namespace)))


def apply(manifest: Object | list[Object]) -> None:
    items = manifest if isinstance(manifest, list) else [manifest]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    kubectl("apply", "--filename", "-", given=json.dumps(listed))


def wait_for_rollout(workload: Workload, seconds: float) -> None:
    kubectl(
        *("rollout", "status", str(workload), "--namespace", workload.namespace),
        *("--timeout", f"{seconds:.0f}s"),
        seconds=seconds + CALL_SECONDS,
    )


def wait_in_cluster(happened: Callable[[], object], what: str, seconds: float) -> None:
    """Once a second, and through whatever the cluster does not answer meanwhile.

    Raises TimeoutError.
    """

    def asked() -> object:
        try:
            return happened()
        except ClusterError:
            return False

    wait_until(asked, what, seconds, POLL_SECONDS)


@contextmanager
def forwarded(target: str, port: int) -> Iterator[str]:
    """The address at which a port inside the cluster answers on this machine."""
    command = ["kubectl", "port-forward", "--namespace", NAMESPACE, target, f":{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            local = FORWARDING.match(process.stdout.readline())
            if not local:
                raise ClusterError(f"{' '.join(command)} forwards nothing")
            yield f"http://127.0.0.1:{local[1]}"
        finally:
            process.terminate()


def web_url() -> str:
    """Where Traefik is reached: at its load balancer, or at its port on a node."""
    service = get("service", "traefik", namespace=EDGE_NAMESPACE)
    for ingress in service["status"].get("loadBalancer", {}).get("ingress", []):
        return f"http://{ingress.get('ip') or ingress['hostname']}"
    (port,) = [each["nodePort"] for each in service["spec"]["ports"] if each["name"] == "web"]
    node = get("nodes")["items"][0]
    addresses = {each["type"]: each["address"] for each in node["status"]["addresses"]}
    return f"http://{addresses['InternalIP']}:{port}"
