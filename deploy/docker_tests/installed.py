"""The deployment under test, as its operator and its visitors see it."""

import json
import ssl
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

PROJECT = "decoupled_under_test"
HTTP_PORT, HTTPS_PORT, INBOX_PORT = 8780, 8743, 8725
# Builds included, on a busy machine.
OPERATION_SECONDS = 2400
REQUEST_SECONDS = 60


@dataclass(frozen=True)
class Installed:
    root: Path
    backups: Path

    url = f"https://localhost:{HTTPS_PORT}"
    api_url = f"{url}/api"
    inbox_url = f"http://localhost:{INBOX_PORT}"

    def try_to_operate(
        self, name: str, *arguments: str, given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(self.root / "deploy/operations" / name), *arguments],
            cwd=self.root,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=OPERATION_SECONDS,
        )

    def operate(self, name: str, *arguments: str, given: str = "") -> str:
        done = self.try_to_operate(name, *arguments, given=given)
        assert done.returncode == 0, f"{name} {' '.join(arguments)}:\n{done.stdout}"
        return done.stdout

    def docker(self, *arguments: str) -> str:
        done = subprocess.run(["docker", *arguments], cwd=self.root, capture_output=True, text=True)
        assert done.returncode == 0, f"docker {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def compose(self, *arguments: str) -> str:
        return self.docker("compose", *arguments)

    def change_settings(self, changes: dict[str, str]) -> None:
        settings = self.root / ".env"
        lines = [
            f"{name}={changes.get(name, value)}" if separator else name
            for name, separator, value in (
                line.partition("=") for line in settings.read_text().splitlines()
            )
        ]
        settings.write_text("\n".join(lines) + "\n")
        self.compose("up", "--detach", "--wait")

    @cached_property
    def authority(self) -> Path:
        """The certificate of the authority that `install` made."""
        path = self.backups.parent / "authority.pem"
        path.write_text(self.compose("run", "--rm", "-T", "--no-deps", "secrets", "authority"))
        return path

    def visitor(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            verify=ssl.create_default_context(cafile=str(self.authority)),
            timeout=REQUEST_SECONDS,
        )

    def is_healthy(self, service: str) -> bool:
        return bool(self.containers()[service]["State"]["Health"]["Status"] == "healthy")

    def containers(self) -> dict[str, dict[str, Any]]:
        """What Docker says of each service's container."""
        ids = self.compose("ps", "--all", "--quiet").split()
        described = json.loads(self.docker("container", "inspect", *ids))
        return {each["Config"]["Labels"]["com.docker.compose.service"]: each for each in described}
