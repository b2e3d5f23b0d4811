"""Whether this server stops soon: it answers still, but should be given no new requests."""

from __future__ import annotations

import mmap
from typing import Final

# Shared with the processes that are forked after the import.
_ANNOUNCED: Final = mmap.mmap(-1, 1)


def announce() -> None:
    _ANNOUNCED[0] = 1


def is_announced() -> bool:
    return _ANNOUNCED[0] == 1
