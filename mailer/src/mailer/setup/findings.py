"""What a check of the set-up found."""

from dataclasses import dataclass
from enum import Enum, auto


class Level(Enum):
    OK = auto()
    # Works, but worse than it could, or could not be checked.
    WARNING = auto()
    # Mail does not arrive until this is mended.
    FAILURE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    # What was looked at.
    subject: str
    # A sentence without secrets.
    found: str
    # What to do about it; empty when all is well.
    advice: str = ""


def ok(subject: str, found: str) -> Finding:
    return Finding(Level.OK, subject, found)


def warning(subject: str, found: str, advice: str) -> Finding:
    return Finding(Level.WARNING, subject, found, advice)


def failure(subject: str, found: str, advice: str) -> Finding:
    return Finding(Level.FAILURE, subject, found, advice)
