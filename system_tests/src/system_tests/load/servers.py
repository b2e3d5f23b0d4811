"""Starts the two servers that are compared, with everything they need."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from local_stack.child_processes import ChildProcess
from local_stack.ports import LOOPBACK, free_port
from local_stack.postgres import Postgres
from local_stack.valkey import Valkey

START_SECONDS = 120.0
ONCE_SECONDS = 300.0
PEER_FOLDER = Path("system_tests/load")
# Read by the peer; also used to sign the token that posts to it.
PEER_KEY = secrets.token_hex(32)


def migrate(postgres: Postgres) -> None:
    migrate_database(postgres.url)


def migrate_database(database_url: str, revision: str = "head") -> None:
    _run_once("backend_server", "migrate", revision, DATABASE_URL=database_url)


def create_peer_tables(database_url: str) -> None:
    _run_once("peer.create_tables", **_peer_settings(database_url))


@contextmanager
def running_backend(postgres: Postgres, valkey: Valkey, workers: int, **more: str) -> Iterator[str]:
    """Our API, as in production but for its neighbours: nobody listens at their addresses.

    Args:
        more: further settings, as in the environment.
    """
    port, nobody = free_port(), f"{LOOPBACK}:{free_port()}"
    settings = {
        "BACKEND_BIND": f"{LOOPBACK}:{port}",
        "BACKEND_WORKERS": str(workers),
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "HEAVY_COMPUTATION_ADDRESS": nobody,
        "MAILER_ADDRESS": nobody,
        "PUBLIC_URL": f"http://{LOOPBACK}:{port}",
        "LOG_LEVEL": "warning",
        **{
            name: secrets.token_hex(32)
            for name in ("SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY", "SERVICE_TOKEN")
        },
        **more,
    }
    command = [sys.executable, "-m", "backend_server", "serve"]
    with _running("backend_server", command, settings, port, "/health/live") as url:
        yield url


@contextmanager
def running_peer(database_url: str, workers: int) -> Iterator[str]:
    """The twin on uvicorn, without an access log: ours writes none at this log level either."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "peer.main:app"]
    command += ["--host", LOOPBACK, "--port", str(port), "--workers", str(workers)]
    command += ["--no-access-log", "--log-level", "warning"]
    settings = _peer_settings(database_url)
    with _running("peer", command, settings, port, "/openapi.json") as url:
        yield url


def _peer_settings(database_url: str) -> dict[str, str]:
    return {
        "PYTHONPATH": str(PEER_FOLDER),
        "DATABASE_URL": database_url.replace("postgresql:", "postgresql+psycopg:"),
        "SECRET_KEY": PEER_KEY,
    }


def _run_once(module: str, *arguments: str, **settings: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    program = ChildProcess(module, command, environment=_environment(settings))
    program.start()
    program.wait_for_success(ONCE_SECONDS)


@contextmanager
def _running(
    name: str, command: list[str], settings: dict[str, str], port: int, health_path: str
) -> Iterator[str]:
    url = f"http://{LOOPBACK}:{port}"
    server = ChildProcess(name, command, environment=_environment(settings))
    server.start()
    try:
        server.wait_until(_answers(url + health_path), START_SECONDS)
        yield url
    finally:
        server.stop()


def _answers(url: str) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            return httpx.get(url).is_success
        except httpx.TransportError:
            return False

    return answers


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **settings}
