"""A whole system started as a person starts it, and looked at from outside."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_stack.ports import LOOPBACK, free_port
from local_stack.process_table import descendants

START_SECONDS = 120.0
STOP_SECONDS = 30.0


def own_settings(state_folder: Path) -> dict[str, str]:
    ports = {name: str(free_port()) for name in ("WEB_PORT", "POSTGRES_PORT", "REDIS_PORT")}
    binds = ("BACKEND_BIND", "HEAVY_COMPUTATION_BIND", "MAILER_BIND", "INBOX_BIND")
    return {
        **ports,
        **{name: f"{LOOPBACK}:{free_port()}" for name in binds},
        "STATE_FOLDER": str(state_folder),
    }


def local_stack(command: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local_stack", command],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )


@dataclass
class Launched:
    """What `python -m local_stack up` started."""

    launcher: subprocess.Popen[bytes]
    state_folder: Path
    log: Path

    @property
    def running(self) -> Any:
        return json.loads((self.state_folder / "running.json").read_text())

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not (self.state_folder / "running.json").exists():
            assert self.launcher.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def get(self, path: str) -> Any:
        """By way of the address that people open."""
        url = self.running["web_url"].replace("localhost", LOOPBACK)
        with urllib.request.urlopen(f"{url}{path}", timeout=10) as answer:
            return json.load(answer)

    def family(self) -> set[int]:
        return descendants(self.launcher.pid)

    def end(self, number: signal.Signals) -> int:
        self.launcher.send_signal(number)
        return self.launcher.wait(STOP_SECONDS)


@contextmanager
def launched(settings: dict[str, str]) -> Iterator[Launched]:
    state_folder = Path(settings["STATE_FOLDER"])
    state_folder.mkdir(exist_ok=True)
    # A killed launcher could not delete it.
    (state_folder / "running.json").unlink(missing_ok=True)
    log = state_folder / "up.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "local_stack", "up"],
            env={**os.environ, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as launcher,
    ):
        try:
            system = Launched(launcher, state_folder, log)
            system.wait_until_ready()
            yield system
        finally:
            launcher.kill()
