"""The one log of all parts: each line with its part's name, in colour if somebody is looking."""

import os
import threading
from typing import TextIO

LAUNCHER = "local_stack"
NAME_WIDTH = len("heavy_computation")
RESET = "\033[0m"
BOLD = "\033[1m"
# Colours that can be read on light and on dark: one for each part, always the same.
COLOURS = {
    "postgres": "\033[34m",
    "valkey": "\033[31m",
    "migrate": "\033[36m",
    "heavy_computation": "\033[33m",
    "mailer": "\033[35m",
    "worker": "\033[36m",
    "backend_server": "\033[32m",
    "web": "\033[94m",
}


class Console:
    """Lines come from several threads at once and are written whole."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()

    def line(self, part: str, text: str) -> None:
        name = f"{part:>{NAME_WIDTH}}"
        if self._coloured:
            name = f"{COLOURS.get(part, BOLD)}{name}{RESET}"
        self._write(f"{name} | {text}")

    def say(self, text: str = "") -> None:
        for line in text.splitlines() or [""]:
            self.line(LAUNCHER, line)

    def _write(self, line: str) -> None:
        # A reader that went away (`make up | head`) is no reason to leave the parts unattended.
        with self._lock:
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except BrokenPipeError:
                return
