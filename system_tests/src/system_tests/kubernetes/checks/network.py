"""Each connection that is not needed is refused, each that is needed is open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from system_tests.kubernetes.cluster import (
    EDGE_NAMESPACE,
    NAMESPACE,
    Object,
    apply,
    get,
    is_ready,
    kubectl,
    pods,
    wait_in_cluster,
)
from system_tests.kubernetes.report import Line

MONITORING_NAMESPACE: Final = "monitoring"
# Some ports belong to no Service: they are called at a pod.
TARGETS: Final = {
    "client": "client.decoupled.svc:8080",
    "backend-server": "backend-server.decoupled.svc:8000",
    "heavy-computation": "heavy-computation.decoupled.svc:50051",
    "mailer": "mailer.decoupled.svc:50052",
    "inbox": "POD(mailer):8025",
    "valkey": "valkey.decoupled.svc:6379",
    "postgres": "postgres-rw.decoupled.svc:5432",
    "instance manager": "POD(postgres):8000",
    "the cluster's API": "kubernetes.default.svc:443",
    "metrics of backend-server": "POD(backend-server):9100",
    "metrics of worker": "POD(worker):9100",
    "metrics of heavy-computation": "POD(heavy-computation):9100",
    "metrics of mailer": "POD(mailer):9100",
    "metrics of traefik": "POD(traefik):9100",
    "metrics of postgres": "POD(postgres):9187",
}
AT_A_POD: Final = re.compile(r"POD\((.+)\)")


@dataclass(frozen=True)
class Caller:
    name: str
    namespace: str
    labels: dict[str, str]
    may_call: frozenset[str]
    # Whom it reaches or not by rules that are not ours.
    either_way: frozenset[str] = frozenset()


def _named(name: str, *may_call: str, namespace: str = NAMESPACE) -> Caller:
    return Caller(name, namespace, {"app.kubernetes.io/name": name}, frozenset(may_call))


def _from_elsewhere(name: str, *may_call: str, namespace: str) -> Caller:
    """Its namespace is not ours to close, and the API no part of the system."""
    caller = _named(name, *may_call, namespace=namespace)
    return replace(caller, either_way=frozenset({"the cluster's API"}))


_METRICS: Final = tuple(name for name in TARGETS if name.startswith("metrics of "))
_OF_BACKEND: Final = ("postgres", "valkey", "heavy-computation", "mailer")
CALLERS: Final = (
    _named("traefik", "client", "backend-server", "the cluster's API", namespace=EDGE_NAMESPACE),
    _named("client"),
    _named("backend-server", *_OF_BACKEND),
    _named("worker", *_OF_BACKEND),
    _named("migrate", "postgres"),
    _named("heavy-computation", "postgres"),
    _named("mailer", "valkey"),
    _named("valkey"),
    Caller(
        "postgres",
        NAMESPACE,
        {"cnpg.io/cluster": "caller"},
        frozenset({"postgres", "instance manager", "the cluster's API"}),
    ),
    _named("a stranger beside them"),
    _named("a stranger beside Traefik", namespace=EDGE_NAMESPACE),
    _from_elsewhere("a stranger in a namespace of its own", namespace="default"),
    _from_elsewhere("prometheus", *_METRICS, namespace=MONITORING_NAMESPACE),
)

PROGRAM: Final = """
import json, socket, sys, time
from concurrent.futures import ThreadPoolExecutor

def is_open(target):
    host, port = target.rsplit(":", 1)
    for _ in range(3):
        try:
            socket.create_connection((host, int(port)), timeout=2).close()
            return True
        except OSError:
            time.sleep(0.5)
    return False

# Policies reach a new pod a moment after it starts.
time.sleep(5)
targets = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(targets)) as pool:
    print(json.dumps(dict(zip(targets, pool.map(is_open, targets.values())))))
"""
POD_SECONDS: Final = 180.0


def check() -> list[Line]:
    targets = _addresses()
    with _callers(targets):
        wait_in_cluster(lambda: all(map(_ended, CALLERS)), "all have called", POD_SECONDS)
        answers = {caller.name: json.loads(_log(caller)) for caller in CALLERS}
    wrongly_open = _differing(answers, is_open=True)
    wrongly_shut = _differing(answers, is_open=False)
    needed = sum(len(caller.may_call) for caller in CALLERS)
    judged = sum(len(TARGETS) - len(caller.either_way) for caller in CALLERS)
    forbidden = judged - needed
    for pair in (*wrongly_open, *wrongly_shut):
        print(f"  {pair}")
    return [
        Line(
            "NetworkPolicy: forbidden connections",
            "each refused",
            f"{forbidden - len(wrongly_open)} of {forbidden} refused",
            not wrongly_open,
        ),
        Line(
            "NetworkPolicy: needed connections",
            "each open",
            f"{needed - len(wrongly_shut)} of {needed} open",
            not wrongly_shut,
        ),
    ]


def _differing(answers: dict[str, dict[str, bool]], *, is_open: bool) -> list[str]:
    return [
        f"{caller.name} -> {target} is {'open' if is_open else 'shut'}"
        for caller in CALLERS
        for target, opened in answers[caller.name].items()
        if target not in caller.either_way
        and opened == is_open
        and (target in caller.may_call) != is_open
    ]


def _addresses() -> dict[str, str]:
    return {
        name: AT_A_POD.sub(lambda place: _pod_address(place[1]), target)
        for name, target in TARGETS.items()
    }


def _pod_address(name: str) -> str:
    namespace = EDGE_NAMESPACE if name == "traefik" else NAMESPACE
    label = "cnpg.io/cluster" if name == "postgres" else "app.kubernetes.io/name"
    found = next(filter(is_ready, pods(f"{label}={name}", namespace)))
    return str(found["status"]["podIP"])


@contextmanager
def _callers(targets: dict[str, str]) -> Iterator[None]:
    apply([_namespace(MONITORING_NAMESPACE), *(_pod(caller, targets) for caller in CALLERS)])
    try:
        yield
    finally:
        for caller in CALLERS:
            kubectl(
                *("delete", "pod", _pod_name(caller), "--namespace", caller.namespace),
                *("--ignore-not-found", "--grace-period", "0", "--wait=false"),
            )


def _namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _pod_name(caller: Caller) -> str:
    return f"caller-{caller.name.lower().replace(' ', '-')}"


def _pod(caller: Caller, targets: dict[str, str]) -> Object:
    """Labelled as the caller is, but never ready: no Service sends it anything."""
    labels = {key: value.replace(" ", "-") for key, value in caller.labels.items()}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": _pod_name(caller),
            "namespace": caller.namespace,
            "labels": labels,
        },
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "readinessGates": [{"conditionType": "decoupled.invalid/never"}],
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "caller",
                    "image": _image(),
                    "command": ["python", "-c", PROGRAM, json.dumps(targets)],
                    "resources": {"limits": {"memory": "128Mi"}, "requests": {"cpu": "5m"}},
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }


def _image() -> str:
    """One that the cluster has: a Python with nothing to call home to."""
    template = get("deployment", "backend-server")["spec"]["template"]
    return str(template["spec"]["containers"][0]["image"])


def _ended(caller: Caller) -> bool:
    pod = get("pod", _pod_name(caller), namespace=caller.namespace)
    return bool(pod["status"]["phase"] == "Succeeded")


def _log(caller: Caller) -> str:
    return kubectl("logs", _pod_name(caller), "--namespace", caller.namespace)
