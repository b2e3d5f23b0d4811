"""Starts a system and sends it other requests each time, for as long as one likes."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from system_tests.fuzzing import fuzz
from system_tests.stack import ROOM_FOR_EVERYBODY, running_stack

# More than there is time for.
EXAMPLES = 100_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="system_tests.fuzzing")
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    options = ("--max-examples", str(EXAMPLES), "--max-time", str(round(minutes * 60)))
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(None, **ROOM_FOR_EVERYBODY) as stack,
    ):
        done = fuzz(stack.backend_url, *options, cwd=Path(folder))
    print(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
