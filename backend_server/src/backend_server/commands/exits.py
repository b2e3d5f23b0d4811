"""How a command ends that could not do what it was asked to."""

from __future__ import annotations

import sys
from typing import Final, NoReturn

FAILED: Final = 1


def fail(line: str) -> NoReturn:
    sys.stderr.write(f"{line}\n")
    sys.exit(FAILED)
