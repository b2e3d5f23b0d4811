"""One stack for one state folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from local_stack.addresses import SettingError

NAME = "lock"


@contextmanager
def state_lock(state_folder: Path) -> Iterator[None]:
    """The lock ends with the process, whatever that ends of.

    Raises:
        SettingError: another stack has it.
    """
    state_folder.mkdir(parents=True, exist_ok=True)
    with (state_folder / NAME).open("w") as file:
        if not _lock(file):
            raise SettingError(
                f"Another stack runs in {state_folder}: set STATE_FOLDER to another folder."
            )
        yield


def is_locked(state_folder: Path) -> bool:
    """A stack runs there, or is about to."""
    try:
        with (state_folder / NAME).open() as file:
            return not _lock(file)
    except FileNotFoundError:
        return False


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
