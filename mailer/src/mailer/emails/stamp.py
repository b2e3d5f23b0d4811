"""An author's stamp, drawn by the rules of the client (`client/src/ui/stamp/drawing.ts`)."""

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

# oklch(0.47 0.1 hue) for every 30 degrees of hue: mail programs know no OKLCH.
COLOURS = (
    "#874058", "#8a4338", "#834b14", "#715700", "#546316", "#296a3b",
    "#006c5d", "#00697a", "#13618d", "#455793", "#644c8a", "#7a4475",
)  # fmt: skip
PATTERNS = ("waves", "rings", "stripes", "hills", "dots", "rays")


@dataclass(frozen=True, slots=True)
class Stamp:
    initials: str
    colour: str
    pattern: str


def stamp_of(author_id: str, author: str) -> Stamp:
    # The last two bytes are random in a UUIDv7.
    *_, hue, pattern = UUID(author_id).bytes
    return Stamp(_initials(author), COLOURS[hue % len(COLOURS)], PATTERNS[pattern % len(PATTERNS)])


def _initials(name: str) -> str:
    """Of the first two words of a name, or the first two letters of its only word."""
    words = ["".join(run) for is_word, run in groupby(name, _is_in_word) if is_word] or [name]
    if len(words) == 1:
        return "".join(_letters(words[0])[:2]).upper()
    return "".join(_letters(word)[0] for word in words[:2]).upper()


def _is_in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _letters(word: str) -> list[str]:
    """Each with the marks that belong to it."""
    letters: list[str] = []
    for character in word:
        if letters and unicodedata.category(character)[0] == "M":
            letters[-1] += character
        else:
            letters.append(character)
    return letters
