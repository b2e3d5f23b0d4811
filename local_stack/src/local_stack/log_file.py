"""Lines of several programs, appended to a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def log_file(path: Path) -> Iterator[Callable[[str], None]]:
    """A function that appends its line; every line is on disk when it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", buffering=1) as file:

        def append(line: str) -> None:
            file.write(f"{line}\n")

        yield append
