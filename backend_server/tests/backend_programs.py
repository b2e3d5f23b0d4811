"""The worker and the other services as programs of their own, which a test may kill."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from backend_settings import ENVIRONMENT
from local_stack.child_processes import ChildProcess
from local_stack.ports import LOOPBACK, free_port

from backend_server.config import Settings
from backend_server.grpc_clients import HeavyComputationClient, MailerClient

HEAVY_COMPUTATION = Path(__file__).parents[2] / ".build/bin/heavy_computation"
# Long enough for a busy machine: what a test waits for either comes or is broken.
PATIENCE_SECONDS = 180.0
POLL_SECONDS = 0.02


def until(condition: Callable[[], object]) -> None:
    """Waits for what happens in another process."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(POLL_SECONDS)


def answers(address: str) -> bool:
    try:
        with urlopen(f"http://{address}/health/live") as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


class Programs:
    """Ends what it started."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._started = ExitStack()
        # By address.
        self.heavy_computations: dict[str, ChildProcess] = {}

    def start_api(self, **changes: str) -> tuple[ChildProcess, str]:
        """Returns the program, and its address once it answers."""
        address = f"{LOOPBACK}:{free_port()}"
        environment = {
            **self._environment(),
            "BACKEND_BIND": address,
            "BACKEND_WORKERS": "2",
            **changes,
        }
        program = self._start("api", [sys.executable, "-m", "backend_server", "serve"], environment)
        program.wait_until(lambda: answers(address), PATIENCE_SECONDS)
        return program, address

    def start_worker(self, **changes: str) -> ChildProcess:
        """With heartbeats so short that another worker notices its death in seconds."""
        environment = {
            **self._environment(),
            "WORKER_HEARTBEAT_SECONDS": "1",
            "WORKER_STALLED_AFTER_SECONDS": "3",
            "WORKER_RECOVERY_SECONDS": "1",
            **changes,
        }
        return self._start(
            "worker", [sys.executable, "-m", "backend_server", "worker"], environment
        )

    def start_mailer(self, outbox: Path) -> str:
        """Returns its address once it answers. It keeps its mails in the outbox."""
        address = f"{LOOPBACK}:{free_port()}"
        environment = {
            "MAILER_BIND": address,
            "SERVICE_TOKEN": ENVIRONMENT["SERVICE_TOKEN"],
            "PUBLIC_URL": ENVIRONMENT["PUBLIC_URL"],
            "MAIL_FROM": "Decoupled <posts@decoupled.dev>",
            "MAIL_FROM_ACCOUNTS": "Decoupled <accounts@decoupled.dev>",
            "OUTBOX_FOLDER": str(outbox),
            "INBOX_BIND": f"{LOOPBACK}:{free_port()}",
        }
        program = self._start("mailer", [sys.executable, "-m", "mailer"], environment)
        client = MailerClient(address, ENVIRONMENT["SERVICE_TOKEN"])
        program.wait_until(client.is_serving, PATIENCE_SECONDS)
        client.close()
        return address

    def start_heavy_computation(self, published_database_url: str, index_folder: Path) -> str:
        """Returns its address once it answers."""
        address = f"{LOOPBACK}:{free_port()}"
        environment = {
            "HEAVY_COMPUTATION_BIND": address,
            "PUBLISHED_DATABASE_URL": published_database_url,
            "INDEX_FOLDER": str(index_folder),
            "SERVICE_TOKEN": ENVIRONMENT["SERVICE_TOKEN"],
        }
        program = self._start("heavy_computation", [HEAVY_COMPUTATION], environment)
        self.heavy_computations[address] = program
        client = HeavyComputationClient(address, ENVIRONMENT["SERVICE_TOKEN"])
        program.wait_until(client.is_serving, PATIENCE_SECONDS)
        client.close()
        return address

    def close(self) -> None:
        self._started.close()

    def _environment(self) -> dict[str, str]:
        return {
            **ENVIRONMENT,
            "DATABASE_URL": self._settings.database_url.reveal(),
            "REDIS_URL": self._settings.redis_url.reveal(),
            "MAILER_ADDRESS": str(self._settings.mailer_address),
        }

    def _start(
        self, name: str, command: list[str | Path], environment: Mapping[str, str]
    ) -> ChildProcess:
        program = ChildProcess(name, command, environment=environment)
        self._started.callback(program.kill)
        program.start()
        return program


@pytest.fixture
def programs(settings: Settings) -> Iterator[Programs]:
    programs = Programs(settings)
    yield programs
    programs.close()
