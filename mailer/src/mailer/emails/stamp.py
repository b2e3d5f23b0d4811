"""An author's stamp: initials on a colour drawn from the author's id, so that it never changes."""

from dataclasses import dataclass
from uuid import UUID

# Every 30° of hue at OKLCH lightness 0.5 and chroma 0.11: white on them is at least 5:1.
COLOURS = (
    "#944561", "#98483c", "#905211", "#7c5f00", "#5c6c14", "#2b7440",
    "#007766", "#007386", "#0e6a9b", "#4b5ea2", "#6d5398", "#864a81",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    initials: str
    colour: str


def stamp_of(author_id: str, author: str) -> Stamp:
    # The last 32 bits: the first ones of a UUIDv7 are the time.
    number = UUID(author_id).int & 0xFFFF_FFFF
    return Stamp(author[:2].upper(), COLOURS[number % len(COLOURS)])
