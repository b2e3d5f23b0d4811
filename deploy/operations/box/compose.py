"""How the parts of the system are told to run something: through Docker Compose."""

import json
import subprocess
from pathlib import Path
from typing import Any

from box.programs import Command, run, text_of

ROOT = Path(__file__).parents[3]


class ComposeBox:
    """The system of this checkout. Compose reads COMPOSE_FILE and COMPOSE_PROJECT_NAME, too."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.settings_file = root / ".env"

    def compose(self, *arguments: str) -> Command:
        return ["docker", "compose", "--project-directory", str(self.root), *arguments]

    def within(self, service: str, *command: str) -> Command:
        """In the service's running container."""
        return self.compose("exec", "-T", service, *command)

    def once(self, service: str, *command: str, variables: tuple[str, ...] = ()) -> Command:
        """In a container of its own, which is given those variables of ours."""
        passed_on = [word for name in variables for word in ("--env", name)]
        return self.compose("run", "--rm", "-T", "--no-deps", *passed_on, service, *command)

    def start(self, *services: str) -> None:
        """Returns when they are healthy; raises `OperationError`."""
        run(self.compose("up", "--detach", "--wait", "--quiet-pull", *services))

    def restart(self, *services: str) -> None:
        run(self.compose("restart", *services))
        self.start(*services)

    def containers(self) -> list[dict[str, Any]]:
        lines = text_of(self.compose("ps", "--all", "--format", "json")).splitlines()
        return [json.loads(line) for line in lines]

    def has_docker(self) -> bool:
        try:
            return subprocess.run(["docker", "info"], capture_output=True).returncode == 0
        except FileNotFoundError:
            return False
