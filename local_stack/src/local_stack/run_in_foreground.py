"""One server's command line: tests in any language start it, read its URL, close its input."""

import argparse
import os
import select
import signal
import stat
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class Server(Protocol):
    @property
    def url(self) -> str: ...


class RunningServer(Protocol):
    def __call__(self, folder: Path, port: int | None) -> AbstractContextManager[Server]: ...


def run_in_foreground(name: str, arguments: Sequence[str], running: RunningServer) -> None:
    """Prints the server's URL as the only line of output, then runs until told to stop."""
    parser = argparse.ArgumentParser(
        description=f"Runs {name} until SIGTERM or the end of standard input."
    )
    parser.add_argument(
        "--folder", type=Path, required=True, help="where data and passwords are kept"
    )
    parser.add_argument("--port", type=int, help="default: any free one")
    options = parser.parse_args(arguments)
    wake_up = _stop_signals_as_input()
    with running(options.folder, options.port) as server:
        print(server.url, flush=True)
        _wait_for_the_end([wake_up, *_closable_input()])


def _stop_signals_as_input() -> int:
    """A descriptor that is readable after a stop signal, also one sent while the server starts."""
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    return reading


def _closable_input() -> list[int]:
    """Standard input if somebody holds its other end: the end of /dev/null means nothing."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return [sys.stdin.fileno()] if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else []


def _wait_for_the_end(descriptors: list[int]) -> None:
    wake_up = descriptors[0]
    while True:
        readable, _, _ = select.select(descriptors, [], [])
        if wake_up in readable or not os.read(readable[0], select.PIPE_BUF):
            return
