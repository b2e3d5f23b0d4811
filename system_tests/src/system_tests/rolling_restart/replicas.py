"""The services on one machine, two of each that people wait for; how one of them is restarted."""

import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from local_stack.child_processes import ChildProcess
from local_stack.ports import LOOPBACK, free_port, is_listening
from local_stack.postgres import Postgres
from local_stack.valkey import Valkey

from system_tests.stack import ROOM_FOR_EVERYBODY

START_SECONDS = 300.0
# What supervisors wait before they kill.
LONGEST_STOP_SECONDS = 30.0
# Three times what the balancer takes to look at each server again.
LEAVE_SECONDS = 3
PROBE_SECONDS = 3.0
HEAVY_COMPUTATION = Path(".build/bin/heavy_computation")
HEAVY_COMPUTATION_SERVICE = "heavy_computation.v1.HeavyComputationService"


class NotGracefulError(Exception):
    """A process had to be killed, or ended with an error, when it was told to stop."""


@dataclass
class Replica:
    name: str
    command: list[str]
    settings: Mapping[str, str]
    is_ready: Callable[[ChildProcess], bool]
    process: ChildProcess = field(init=False)

    def start(self) -> None:
        """Returns when it is ready."""
        self.process = ChildProcess(self.name, self.command, environment=self.settings)
        self.process.start()
        self.process.wait_until(lambda: self.is_ready(self.process), START_SECONDS)

    def stop(self) -> float:
        """Returns the seconds it took."""
        began = time.monotonic()
        self.process.stop(LONGEST_STOP_SECONDS)
        if self.process.exit_code != 0:
            raise NotGracefulError(self.process.obituary())
        return time.monotonic() - began


@dataclass
class Replicas:
    """In the order in which an upgrade restarts them: who is asked before who asks."""

    each: list[Replica]
    # Where backend_server listens.
    addresses: list[str]
    outbox: Path


def replicas(folder: Path, postgres: Postgres, valkey: Valkey, path: str) -> Replicas:
    """Not started. `path` is the PATH that programs are found on."""
    token = secrets.token_hex(32)
    mailer = f"{LOOPBACK}:{free_port()}"
    heavy = [f"{LOOPBACK}:{free_port()}" for _ in range(2)]
    apis = [f"{LOOPBACK}:{free_port()}" for _ in range(2)]
    public_url = f"http://{LOOPBACK}"
    shared = {"PATH": path, "SERVICE_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    backend = {
        **shared,
        **ROOM_FOR_EVERYBODY,
        **{name: secrets.token_hex(32) for name in ("SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY")},
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "HEAVY_COMPUTATION_ADDRESS": ",".join(heavy),
        "MAILER_ADDRESS": mailer,
        "PUBLIC_URL": public_url,
        "BACKEND_WORKERS": "1",
        "BACKEND_LEAVE_SECONDS": str(LEAVE_SECONDS),
    }
    mailing = {
        **shared,
        "MAILER_BIND": mailer,
        "PUBLIC_URL": public_url,
        "MAIL_FROM": "Decoupled <posts@decoupled.example>",
        "MAIL_FROM_ACCOUNTS": "Decoupled <accounts@decoupled.example>",
        "OUTBOX_FOLDER": str(folder / "outbox"),
        "INBOX_BIND": f"{LOOPBACK}:{free_port()}",
    }
    each = [
        *(_heavy_computation(folder, shared, postgres, heavy, number) for number in range(2)),
        Replica("mailer", _module("mailer"), mailing, lambda _: _listens(mailer)),
        *(_worker(backend, number) for number in range(2)),
        *(_backend_server(backend, apis, number) for number in range(2)),
    ]
    return Replicas(each, apis, folder / "outbox")


def _heavy_computation(
    folder: Path, shared: Mapping[str, str], postgres: Postgres, addresses: list[str], number: int
) -> Replica:
    settings = {
        **shared,
        "HEAVY_COMPUTATION_BIND": addresses[number],
        "PUBLISHED_DATABASE_URL": postgres.published_url,
        "INDEX_FOLDER": str(folder / f"index_{number + 1}"),
    }
    return Replica(
        f"heavy_computation {number + 1}",
        [str(HEAVY_COMPUTATION)],
        settings,
        lambda _: _is_serving(addresses[number]),
    )


def _worker(settings: Mapping[str, str], number: int) -> Replica:
    return Replica(
        f"worker {number + 1}",
        _module("backend_server", "worker"),
        settings,
        lambda process: any("worker_started" in line for line in process.last_lines),
    )


def _backend_server(settings: Mapping[str, str], addresses: list[str], number: int) -> Replica:
    return Replica(
        f"backend_server {number + 1}",
        _module("backend_server", "serve"),
        {**settings, "BACKEND_BIND": addresses[number]},
        lambda _: is_ready(addresses[number]),
    )


def _module(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def is_ready(address: str) -> bool:
    """Whether a backend_server wants requests."""
    connection = HTTPConnection(address, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    return is_listening(host, int(port))


def _is_serving(address: str) -> bool:
    with grpc.insecure_channel(address) as channel:
        try:
            ask = HealthStub(channel).Check  # type: ignore[attr-defined]  # missing in its stubs
            answer = ask(
                HealthCheckRequest(service=HEAVY_COMPUTATION_SERVICE), timeout=PROBE_SECONDS
            )
        except grpc.RpcError:
            return False
    return bool(answer.status == HealthCheckResponse.SERVING)
