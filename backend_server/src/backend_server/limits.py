"""How often something may happen. `limiter` counts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# In seconds.
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Window:
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """`name` says what is limited, and whose tries are counted together."""

    name: str
    windows: tuple[Window, ...]
