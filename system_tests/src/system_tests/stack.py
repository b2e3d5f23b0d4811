"""A whole system for one run of tests: real parts, own ports, own data; gone with the tests."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.child_processes import ChildProcess
from local_stack.log_file import log_file
from local_stack.part import Part
from local_stack.ports import free_port
from local_stack.settings import read_settings
from local_stack.wiring import Wiring, wire

PART_START_SECONDS = 180.0
LOG_TAIL_LINES = 60

# All people of a run come from one address, and there are more of them than live behind one.
ROOM_FOR_EVERYBODY = {
    "SIGN_IN_FAILURES_PER_NETWORK": "100000",
    "REGISTRATIONS_PER_NETWORK": "100000",
    "RESET_REQUESTS_PER_NETWORK": "100000",
    "RESET_GUESSES_PER_NETWORK": "100000",
    "RESET_GUESSES_PER_HOUR": "100000",
}

PORT_SETTINGS = ("WEB_PORT", "POSTGRES_PORT", "REDIS_PORT")
BIND_SETTINGS = ("BACKEND_BIND", "HEAVY_COMPUTATION_BIND", "MAILER_BIND", "INBOX_BIND")


class PartUnderTest:
    """A part whose process a test may stop, crash, freeze and start again."""

    def __init__(self, part: Part) -> None:
        self._part = part

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.running

    def stop(self) -> None:
        self._process.stop()

    def request_stop(self) -> None:
        """Returns at once; whoever asks waits for the end."""
        self._process.request_stop()

    def kill(self) -> None:
        """kill -9, and the wait until all that it had started is gone, too."""
        self._process.kill_with_descendants()

    def start(self) -> None:
        """Returns when it is ready."""
        if self._part.process is not None:
            # However it ended, the pipes to it are still open.
            self._part.process.kill()
        self._part.process = self._part.launch()
        self._process.wait_until(lambda: self._part.is_ready(self._process), PART_START_SECONDS)

    def restart(self) -> None:
        self.kill()
        self.start()

    def freeze(self) -> None:
        """As if it hung: its connections stay open, nothing is answered."""
        self._process.send_to_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_to_all(signal.SIGCONT)

    @property
    def _process(self) -> ChildProcess:
        if self._part.process is None:
            raise RuntimeError(f"{self._part.name} has not been started.")
        return self._part.process


class StackUnderTest:
    def __init__(self, wiring: Wiring, log: Path) -> None:
        self._wiring = wiring
        self.log = log
        self.web_url = wiring.settings.public_url
        self.api_url = f"{self.web_url}/api"
        self.backend_url = wiring.computed["BACKEND_URL"]
        self.inbox_url = f"http://{wiring.settings.inbox}"
        self.database_url = wiring.computed["DATABASE_URL"]
        self.published_database_url = wiring.computed["PUBLISHED_DATABASE_URL"]
        self.redis_url = wiring.computed["REDIS_URL"]
        self.state_folder = wiring.settings.state_folder

    @property
    def url(self) -> str:
        """Where browsers find the API."""
        return self.api_url

    def process(self, name: str) -> PartUnderTest:
        """The part named as in the launcher's log: postgres, valkey, mailer, worker …"""
        return PartUnderTest(self._wiring.stack.part(name))

    def log_tail(self) -> str:
        return "\n".join(self.log.read_text().splitlines()[-LOG_TAIL_LINES:])


@contextmanager
def running_stack(folder: Path | None = None, **settings: str) -> Iterator[StackUnderTest]:
    """A started stack; when the block fails, the end of its log goes to standard error.

    Args:
        folder: keeps data, mails and `stack.log`; default: one that goes with the stack.
        settings: as in the environment, e.g. `RESEND_API_URL="http://127.0.0.1:1234"`.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="decoupled-") as temporary:
            # Postgres, which is not root, has to pass through it.
            Path(temporary).chmod(0o755)
            with running_stack(Path(temporary), **settings) as stack:
                yield stack
        return
    variables = _variables(folder, settings)
    log = folder / "stack.log"
    with log_file(log) as append:
        wiring = wire(
            read_settings(variables),
            lambda part, line: append(f"{part} | {line}"),
            variables,
            fast=True,
        )
        stack = StackUnderTest(wiring, log)
        try:
            wiring.stack.start()
            yield stack
        except BaseException:
            print(f"The end of {log}:\n{stack.log_tail()}", file=sys.stderr)
            raise
        finally:
            wiring.stack.stop()


def _variables(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Of the tests' own environment the system gets no more than what finds programs."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ports = {name: str(free_port()) for name in PORT_SETTINGS}
    binds = {name: f"127.0.0.1:{free_port()}" for name in BIND_SETTINGS}
    web_url = f"http://localhost:{ports['WEB_PORT']}"
    return {
        **inherited,
        **ports,
        **binds,
        **ROOM_FOR_EVERYBODY,
        "PUBLIC_URL": web_url,
        "STATE_FOLDER": str(folder),
        **settings,
    }
