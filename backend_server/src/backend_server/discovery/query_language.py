"""The query language of searches, for when Postgres has to answer them.

heavy_computation reads the same language (`search/query_language.rs`), but knows a word's forms.
Here a word stands for every word that begins like it.
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
_TAG: Final = re.compile(r"#(\w+)")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}")
_ONE_DAY: Final = timedelta(days=1)
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
_LAST_DAY: Final = _END_OF_TIME - _ONE_DAY


class UnreadableQueryError(ValueError):
    """A filter's value makes no sense; the message says which."""


@dataclass(slots=True)
class ParsedQuery:
    """What a post must be like. Patterns are words with what may stand between them."""

    patterns: list[str] = field(default_factory=list)
    excluded_patterns: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    excluded_authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    excluded_tags: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    excluded_languages: list[str] = field(default_factory=list)
    before: datetime | None = None
    after: datetime | None = None


def parse_query(query: str) -> ParsedQuery:
    """Raises `UnreadableQueryError`."""
    parsed = ParsedQuery()
    for part in _PART.finditer(query):
        value = part["text"] if part["phrase"] is None else part["phrase"]
        name = (part["filter"] or "").lower()
        if not name and (tag := _TAG.fullmatch(part["text"] or "")):
            name, value = "tag", tag[1]
        _add(parsed, name, value, is_excluded=bool(part["minus"]))
    del parsed.patterns[MOST_PATTERNS:], parsed.excluded_patterns[MOST_PATTERNS:]
    return parsed


def _add(parsed: ParsedQuery, name: str, value: str, *, is_excluded: bool) -> None:
    match name:
        case "from":
            authors = parsed.excluded_authors if is_excluded else parsed.authors
            authors.append(value.removeprefix("@"))
        case "tag":
            tags = parsed.excluded_tags if is_excluded else parsed.tags
            tags.append(value.removeprefix("#").casefold())
        case "lang":
            languages = parsed.excluded_languages if is_excluded else parsed.languages
            languages.append(value.lower())
        case "before" | "after":
            _bound(parsed, name, _midnight(name, value), is_excluded=is_excluded)
        case _:
            words = _WORD.findall(value)
            patterns = parsed.excluded_patterns if is_excluded else parsed.patterns
            if words:
                # \W is what is no word character in Postgres as in Python.
                patterns.append(r"\W+".join(words))


def _bound(parsed: ParsedQuery, name: str, midnight: datetime, *, is_excluded: bool) -> None:
    """Not before a day is from that day on, and the other way round."""
    if name == "after":
        midnight = midnight + _ONE_DAY if midnight < _LAST_DAY else _END_OF_TIME
    if (name == "after") is not is_excluded:
        parsed.after = midnight
    else:
        parsed.before = midnight


def _midnight(name: str, value: str) -> datetime:
    try:
        day = date.fromisoformat(value if _DATE.fullmatch(value) else "")
    except ValueError as error:
        raise UnreadableQueryError(f"{name}: takes a date such as 2026-01-31.") from error
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
