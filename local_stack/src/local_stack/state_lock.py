"""One stack for one state folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.addresses import SettingError


@contextmanager
def state_lock(state_folder: Path) -> Iterator[None]:
    """The lock ends with the process, whatever that ends of.

    Raises:
        SettingError: another stack has it.
    """
    state_folder.mkdir(parents=True, exist_ok=True)
    with (state_folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError(
                f"Another stack runs in {state_folder}: set STATE_FOLDER to another folder."
            ) from None
        yield
