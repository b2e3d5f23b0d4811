"""Starts the processes, each of which a test may stop, crash and freeze."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import LiteralString

import psycopg
from local_stack.addresses import Address
from local_stack.child_processes import ChildProcess
from local_stack.log_file import log_file
from local_stack.part import Part, Readiness, answers, is_running, listens_on
from local_stack.ports import LOOPBACK, free_port
from local_stack.postgres import Postgres, running_postgres
from local_stack.valkey import Valkey, running_valkey

from system_tests.fake_resend import API_KEY, FakeResend
from system_tests.fake_resend.remote import RemoteResend
from system_tests.fake_resend.webhooks import WEBHOOK_SECRET
from system_tests.load.servers import migrate
from system_tests.stack import ROOM_FOR_EVERYBODY, PartUnderTest

# Until another worker takes over what a dead one had begun: seconds instead of a minute.
QUICK_RECOVERY = {
    "WORKER_HEARTBEAT_SECONDS": "1",
    "WORKER_STALLED_AFTER_SECONDS": "3",
    "WORKER_RECOVERY_SECONDS": "1",
}


@dataclass(frozen=True)
class House:
    url: str
    postgres: Postgres
    valkey: Valkey
    resend: FakeResend | RemoteResend
    api: PartUnderTest
    # Each worker calls the mailer of the same place.
    workers: Sequence[PartUnderTest]
    mailers: Sequence[PartUnderTest]
    # Of the first mailer, and what a call to it carries.
    mailer_address: str
    metadata: tuple[tuple[str, str | bytes], ...]
    environment: Mapping[str, str]
    log: Path

    def connect(self) -> psycopg.Connection:
        """What is written is committed at once."""
        return psycopg.connect(self.postgres.url, autocommit=True)

    def number(self, query: LiteralString, *parameters: object) -> int:
        """The only column of the only row."""
        with self.connect() as connection:
            row = connection.execute(query, parameters).fetchone()
        return int(row[0]) if row else 0

    def operate(self, *arguments: str) -> str:
        """What one of the operator's commands says."""
        done = subprocess.run(
            [sys.executable, "-m", "backend_server", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr


@contextmanager
def running_house(
    resend: FakeResend | RemoteResend, *, pairs: int = 1, api_workers: int = 1, **settings: str
) -> Iterator[House]:
    """A house of its own, gone with the block; when that fails, its log stays.

    Args:
        pairs: how many workers, each with a mailer.
        settings: of any of the programs, as in the environment.
    """
    folder = Path(tempfile.mkdtemp(prefix="decoupled-mail-"))
    # Postgres, which is not root, has to pass through it.
    folder.chmod(0o755)
    with (
        log_file(folder / "programs.log") as append,
        running_postgres(folder) as postgres,
        running_valkey(folder) as valkey,
    ):
        migrate(postgres)
        api_port = free_port()
        ports = [free_port() for _ in range(pairs)]
        common = _settings(postgres, valkey, api_port) | {
            "BACKEND_WORKERS": str(api_workers),
            "MAILER_ADDRESS": f"{LOOPBACK}:{ports[0]}",
        }
        launcher = partial(_part, append=append)
        api = launcher(
            "api",
            ["backend_server", "serve"],
            common | settings,
            answers(Address(LOOPBACK, api_port), "/health/live"),
        )
        mailers = [
            launcher(
                f"mailer {place}",
                ["mailer"],
                common | _mailer_settings(resend, port) | settings,
                listens_on(Address(LOOPBACK, port)),
            )
            for place, port in enumerate(ports)
        ]
        workers = [
            launcher(
                f"worker {place}",
                ["backend_server", "worker"],
                common | {"MAILER_ADDRESS": f"{LOOPBACK}:{port}"} | settings,
                is_running,
            )
            for place, port in enumerate(ports)
        ]
        parts = [*mailers, api, *workers]
        try:
            for part in parts:
                PartUnderTest(part).start()
            yield House(
                url=f"http://{LOOPBACK}:{api_port}",
                postgres=postgres,
                valkey=valkey,
                resend=resend,
                api=PartUnderTest(api),
                workers=[PartUnderTest(part) for part in workers],
                mailers=[PartUnderTest(part) for part in mailers],
                mailer_address=f"{LOOPBACK}:{ports[0]}",
                metadata=(("authorization", f"Bearer {common['SERVICE_TOKEN']}"),),
                environment=common,
                log=folder / "programs.log",
            )
        except BaseException:
            print(f"Look into {folder}", file=sys.stderr)
            raise
        finally:
            for part in reversed(parts):
                if part.process is not None:
                    part.process.stop()
    shutil.rmtree(folder)


def _part(
    name: str,
    module: list[str],
    environment: Mapping[str, str],
    is_ready: Readiness,
    append: Callable[[str], None],
) -> Part:
    def launch() -> ChildProcess:
        process = ChildProcess(
            name,
            [sys.executable, "-m", *module],
            environment=environment,
            output=lambda line: append(f"{name} | {line}"),
        )
        process.start()
        return process

    return Part(name, launch, is_ready)


def _settings(postgres: Postgres, valkey: Valkey, api_port: int) -> dict[str, str]:
    """Of all of them; each takes what it knows."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "BACKEND_BIND": f"{LOOPBACK}:{api_port}",
        "HEAVY_COMPUTATION_ADDRESS": f"{LOOPBACK}:{free_port()}",
        "PUBLIC_URL": f"http://{LOOPBACK}:{api_port}",
        **{
            name: secrets.token_hex(32)
            for name in ("SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY", "SERVICE_TOKEN")
        },
        **ROOM_FOR_EVERYBODY,
        **QUICK_RECOVERY,
    }


def _mailer_settings(resend: FakeResend | RemoteResend, port: int) -> dict[str, str]:
    return {
        "MAILER_BIND": f"{LOOPBACK}:{port}",
        "MAIL_FROM": "Decoupled <posts@decoupled.dev>",
        "MAIL_FROM_ACCOUNTS": "Decoupled <accounts@decoupled.dev>",
        "RESEND_API_KEY": API_KEY,
        "RESEND_API_URL": resend.url,
        "RESEND_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
