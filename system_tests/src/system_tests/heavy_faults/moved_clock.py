"""A clock that jumps, for one process: libfaketime between it and the machine's own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

LIBRARIES = Path("/usr/lib")
LIBRARY = "libfaketimeMT.so.1"


class MovedClock(NamedTuple):
    environment: Mapping[str, str]
    # Moves the clock by so many seconds: "+3600".
    jump: Callable[[str], None]


@contextmanager
def moved_clock() -> Iterator[MovedClock | None]:
    """None where libfaketime is not installed."""
    library = next(LIBRARIES.glob(f"*/faketime/{LIBRARY}"), None)
    if library is None:
        yield None
        return
    with TemporaryDirectory(prefix="clock-") as folder:
        file = Path(folder) / "offset"
        file.write_text("+0")
        environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            # A clock that is set does not change what has passed since the start.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

        def jump(offset: str) -> None:
            file.write_text(offset)

        yield MovedClock(environment, jump)
