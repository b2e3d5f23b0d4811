"""`running.json` in the state folder: there while the stack is ready, for who talks to it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NAME = "running.json"


@contextmanager
def running_file(state_folder: Path, facts: Mapping[str, object]) -> Iterator[None]:
    """It names databases with their passwords, so only its owner may read it."""
    path = state_folder / NAME
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(facts, file, indent=2)
    draft.rename(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def forget_an_earlier_run(state_folder: Path) -> None:
    (state_folder / NAME).unlink(missing_ok=True)
