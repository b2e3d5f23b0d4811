"""Which parts there are, in which order, and what each is told."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from local_stack.child_processes import ChildProcess
from local_stack.environments import environment_for
from local_stack.generated_secrets import GeneratedSecrets
from local_stack.part import Part, answers, has_succeeded, is_running, listens_on
from local_stack.ports import LOOPBACK
from local_stack.postgres import Postgres
from local_stack.settings import PROJECT, Settings
from local_stack.stack import Stack
from local_stack.valkey import Valkey

SECRETS = ("SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY", "SERVICE_TOKEN")
DEFAULTS = {
    "MAIL_FROM": "Decoupled <posts@decoupled.example>",
    "MAIL_FROM_ACCOUNTS": "Decoupled <accounts@decoupled.example>",
    # The client's web server, which passes /api on.
    "TRUSTED_PROXIES": LOOPBACK,
}
PYTHON_MODULE = (sys.executable, "-m")

# Writes a line of the named part.
Output = Callable[[str, str], None]


@dataclass(frozen=True)
class Wiring:
    settings: Settings
    stack: Stack
    # The parts' settings that the launcher decided on.
    computed: Mapping[str, str]


def wire(
    settings: Settings,
    output: Output,
    variables: Mapping[str, str] = os.environ,
    *,
    fast: bool = False,
) -> Wiring:
    """Puts the whole system together, nothing started yet.

    Args:
        variables: our own environment.
        fast: for tests, a Postgres that may lose data in a power cut.
    """
    computed = _computed_settings(settings, variables)
    storage: list[Part] = []
    if settings.database_url is None:
        postgres = Postgres(
            settings.state_folder,
            settings.postgres_port,
            fast=fast,
            output=partial(output, "postgres"),
        )
        storage.append(Part("postgres", postgres.launch, lambda _: postgres.is_ready()))
        computed["DATABASE_URL"] = postgres.url
        computed["PUBLISHED_DATABASE_URL"] = postgres.published_url
    if settings.redis_url is None:
        valkey = Valkey(
            settings.state_folder, settings.redis_port, output=partial(output, "valkey")
        )
        storage.append(Part("valkey", valkey.launch, lambda _: valkey.is_ready()))
        computed["REDIS_URL"] = valkey.url
    launcher = partial(_launcher, computed=computed, variables=variables, output=output)
    return Wiring(settings, Stack([storage, *_services(settings, launcher)]), computed)


def _services(
    settings: Settings, launcher: Callable[..., Callable[[], ChildProcess]]
) -> list[list[Part]]:
    """In the order of starting; a stage is stopped before the one in front of it."""
    migrate = Part(
        "migrate",
        launcher("migrate", [*PYTHON_MODULE, "backend_server", "migrate"]),
        has_succeeded,
        needs=("postgres",),
        ends=True,
    )
    heavy_computation = Part(
        "heavy_computation",
        launcher("heavy_computation", [PROJECT / ".build" / "bin" / "heavy_computation"]),
        listens_on(settings.heavy_computation),
        needs=("migrate",),
    )
    mailer = Part(
        "mailer",
        launcher("mailer", [*PYTHON_MODULE, "mailer"]),
        listens_on(settings.mailer),
    )
    worker = Part(
        "worker",
        launcher("worker", [*PYTHON_MODULE, "backend_server", "worker"]),
        is_running,
        needs=("valkey", "heavy_computation", "mailer"),
    )
    backend_server = Part(
        "backend_server",
        # It has processes of its own, which end when it tells them to.
        launcher(
            "backend_server",
            [*PYTHON_MODULE, "backend_server", "serve"],
            death_signal=signal.SIGTERM,
        ),
        answers(settings.backend, "/health/ready"),
        needs=("valkey", "heavy_computation", "mailer"),
    )
    vite = ["node", "node_modules/vite/bin/vite.js", "preview"]
    web = Part(
        "web",
        launcher("web", vite, folder=PROJECT / "client"),
        answers(settings.web, "/"),
    )
    return [[migrate], [heavy_computation, mailer], [worker, backend_server], [web]]


def _computed_settings(settings: Settings, variables: Mapping[str, str]) -> dict[str, str]:
    secrets = GeneratedSecrets(settings.state_folder)
    given = {name for name in SECRETS if name in variables or f"{name}_FILE" in variables}
    servers = {
        "DATABASE_URL": settings.database_url,
        "PUBLISHED_DATABASE_URL": settings.published_database_url,
        "REDIS_URL": settings.redis_url,
    }
    return {
        **{name: url for name, url in servers.items() if url is not None},
        **{name: secrets[name] for name in SECRETS if name not in given},
        **{name: value for name, value in DEFAULTS.items() if name not in variables},
        "PUBLIC_URL": settings.public_url,
        "WEB_PORT": str(settings.web.port),
        "BACKEND_BIND": str(settings.backend),
        "BACKEND_URL": f"http://{settings.backend.to_connect_to()}",
        "HEAVY_COMPUTATION_BIND": str(settings.heavy_computation),
        "HEAVY_COMPUTATION_ADDRESS": str(settings.heavy_computation.to_connect_to()),
        "MAILER_BIND": str(settings.mailer),
        "MAILER_ADDRESS": str(settings.mailer.to_connect_to()),
        "INBOX_BIND": str(settings.inbox),
        "INDEX_FOLDER": str(settings.state_folder / "index"),
        "OUTBOX_FOLDER": str(settings.state_folder / "outbox"),
    }


def _launcher(
    name: str,
    command: list[str | Path],
    *,
    computed: Mapping[str, str],
    variables: Mapping[str, str],
    output: Output,
    folder: Path = PROJECT,
    death_signal: signal.Signals = signal.SIGKILL,
) -> Callable[[], ChildProcess]:
    def launch() -> ChildProcess:
        environment = environment_for(name, computed, variables)
        process = ChildProcess(
            name,
            command,
            environment=environment,
            folder=folder,
            death_signal=death_signal,
            output=partial(output, name),
        )
        process.start()
        return process

    return launch
