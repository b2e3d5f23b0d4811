"""The query language of searches, for when Postgres has to answer them.

heavy_computation has the whole of it. Here a word stands for every word that begins like it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

# Each pattern is looked for in every post.
MOST_PATTERNS: Final = 8

_PART: Final = re.compile(
    r"(?P<minus>-?)(?:(?P<filter>from|tag|before|after|lang):)?"
    r'(?:"(?P<phrase>[^"]*)"?|(?P<text>[^\s"]+))',
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w+")
_ONE_DAY: Final = timedelta(days=1)


class UnreadableQueryError(ValueError):
    """A filter's value makes no sense; the message says which."""


@dataclass(slots=True)
class ParsedQuery:
    """What a post must be like. Patterns are words with what may stand between them."""

    patterns: list[str] = field(default_factory=list)
    excluded_patterns: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    before: datetime | None = None
    after: datetime | None = None


def parse_query(query: str) -> ParsedQuery:
    """Raises `UnreadableQueryError`."""
    parsed = ParsedQuery()
    for part in _PART.finditer(query):
        value = part["text"] if part["phrase"] is None else part["phrase"]
        _add(parsed, (part["filter"] or "").lower(), value, is_excluded=bool(part["minus"]))
    del parsed.patterns[MOST_PATTERNS:], parsed.excluded_patterns[MOST_PATTERNS:]
    return parsed


def _add(parsed: ParsedQuery, name: str, value: str, *, is_excluded: bool) -> None:
    match name:
        case "from":
            parsed.authors.append(value.removeprefix("@"))
        case "tag":
            parsed.tags.append(value.removeprefix("#").casefold())
        case "lang":
            parsed.languages.append(value.lower())
        case "before":
            parsed.before = _midnight(name, value)
        case "after":
            parsed.after = _midnight(name, value) + _ONE_DAY
        case _:
            words = _WORD.findall(value)
            patterns = parsed.excluded_patterns if is_excluded else parsed.patterns
            if words:
                # \W is what is no word character in Postgres as in Python.
                patterns.append(r"\W+".join(words))


def _midnight(name: str, value: str) -> datetime:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise UnreadableQueryError(f"{name}: takes a date such as 2026-01-31.") from error
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
