"""Programs we start: they end when we do, even by kill -9; one function gets what they print."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local_stack.accounts import Account
from local_stack.process_table import descendants, is_alive

LAST_LINES_KEPT = 20
# What a program that was killed may still have in its pipe is read within this time.
OUTPUT_SECONDS = 1.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02

BECOME = Path(__file__).with_name("become.py")


class ChildFailedError(Exception):
    """A program ended, or did not get ready in time."""


def discard(_line: str) -> None:
    """The output function of whoever does not want to see the lines."""


class ChildProcess:
    """One program in a session of its own: a Ctrl-C in the terminal reaches us alone.

    Linux ends the program with the thread that called `start`: call it from one that stays, best
    the main one. Without `standard_input` its input stays open for as long as we live.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        account: Account | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals | None = None,
        output: Callable[[str], None] = discard,
        standard_input: str | None = None,
    ) -> None:
        self.name = name
        self.stop_signal = stop_signal
        # What it gets when we die: we cannot wait then, so what could dawdle is better killed.
        self._death_signal = death_signal or stop_signal
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES_KEPT)
        self._command = [str(word) for word in command]
        self._environment = dict(environment) if environment is not None else None
        self._folder = folder
        self._account = account
        self._output = output
        self._standard_input = standard_input
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int:
        return self._started.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; the negative signal number when a signal ended it."""
        return self._started.poll()

    def start(self) -> None:
        account = f"{self._account.uid}:{self._account.gid}" if self._account else "-"
        become = [sys.executable, "-I", "-S", str(BECOME)]
        self._process = subprocess.Popen(
            [*become, str(os.getpid()), str(int(self._death_signal)), account, *self._command],
            env=self._environment,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=[self._process], daemon=True)
        self._reader.start()
        self._hand_over_input(self._process)

    def request_stop(self) -> None:
        if self.running:
            self.send(self.stop_signal)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Asks it to end and waits; what has not ended after `seconds` is killed."""
        self.request_stop()
        self.wait_or_kill(seconds)

    def wait_or_kill(self, seconds: float) -> None:
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """Ends it, and all it started in its session, at once."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        _close(self._process)
        if self._reader is not None:
            self._reader.join(OUTPUT_SECONDS)

    def kill_with_descendants(self) -> None:
        """As `kill`, and waits until those are gone, too, that began a session of their own."""
        family = descendants(self.pid)
        self.kill()
        deadline = time.monotonic() + STOP_SECONDS
        while any(is_alive(pid) for pid in family):
            if time.monotonic() > deadline:
                raise ChildFailedError(f"Processes started by {self.name} outlive it: {family}.")
            time.sleep(POLL_SECONDS)

    def send(self, number: signal.Signals) -> None:
        self._started.send_signal(number)

    def send_to_all(self, number: signal.Signals) -> None:
        """To the program and to everything it started."""
        for pid in {self.pid, *descendants(self.pid)}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Returns once `condition` holds.

        Raises:
            ChildFailedError: the program ended before, or `seconds` went by.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            if not self.running:
                self.kill()
                raise ChildFailedError(self.obituary())
            if time.monotonic() > deadline:
                raise ChildFailedError(f"{self.name} was not ready after {seconds:.0f} s.")
            time.sleep(POLL_SECONDS)

    def wait_for_success(self, seconds: float) -> None:
        """For programs that do one thing and end.

        Raises:
            ChildFailedError: it ended with another code than 0, or not within `seconds`.
        """
        self.wait_or_kill(seconds)
        if self.exit_code != 0:
            raise ChildFailedError(self.obituary())

    def obituary(self) -> str:
        """What it ended of, and the last it said."""
        code = self.exit_code
        cause = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        if self._reader is not None:
            self._reader.join(OUTPUT_SECONDS)
        return "\n".join([f"{self.name} ended with {cause}.", *self.last_lines])

    @property
    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise ChildFailedError(f"{self.name} has not been started.")
        return self._process

    def _hand_over_input(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None  # noqa: S101  (we asked for a pipe)
        if self._standard_input is None:
            return
        # A program that ended at once is found out by whoever waits for it.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(self._standard_input)
        _close(process)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101  (we asked for a pipe)
        with process.stdout as lines:
            for line in lines:
                self.last_lines.append(line.rstrip("\n"))
                self._output(line.rstrip("\n"))


def _close(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None  # noqa: S101  (we asked for a pipe)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
