"""What Postgres answers while heavy_computation is down: less, later and only about new posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final
from uuid import UUID

from backend_server.discovery.errors import SearchBusy
from backend_server.discovery.found_posts import FoundPosts, Ranges, json_array, with_highlights
from backend_server.discovery.queries import newest_matching
from backend_server.discovery.query_language import UnreadableQueryError, parse_query
from backend_server.errors import FieldErrors

if TYPE_CHECKING:
    from backend_server.database import Database

# Of one process, because each keeps a core of Postgres busy that everybody else needs, too.
LOOKS_AT_ONCE: Final = 1
WAIT_FOR_TURN_SECONDS: Final = 0.2

# Of its own kind, so that a list that began here goes on here.
_CURSOR: Final = re.compile(r"newest\.([0-9a-f-]{36})")
_BEFORE_ALL: Final = UUID(int=2**128 - 1)
_turns: Final = BoundedSemaphore(LOOKS_AT_ONCE)


@contextmanager
def in_turn() -> Iterator[None]:
    """Raises `SearchBusy`."""
    if not _turns.acquire(timeout=WAIT_FOR_TURN_SECONDS):
        raise SearchBusy
    try:
        yield
    finally:
        _turns.release()


def is_own_cursor(cursor: str) -> bool:
    return _CURSOR.fullmatch(cursor) is not None


def search_newest(
    database: Database, query: str, language: str, limit: int, cursor: str
) -> FoundPosts:
    """Newest first, whatever the order asked for. Raises `SearchBusy` or `FieldErrors`."""
    try:
        parsed = parse_query(query)
    except UnreadableQueryError as error:
        raise FieldErrors(fields={"q": [str(error)]}) from error
    if language:
        parsed.languages = [language]
    own = _CURSOR.fullmatch(cursor)
    before = UUID(own[1]) if own else _BEFORE_ALL
    with in_turn(), database.reading() as connection:
        posts = newest_matching(connection, parsed, before, limit + 1)
    highlighted = re.compile(rf"\b(?:{'|'.join(parsed.patterns)})\w*", re.IGNORECASE)
    has_patterns = bool(parsed.patterns)
    items = [
        with_highlights(
            post.json.encode(),
            _ranges(highlighted, post.title) if has_patterns else [],
            _ranges(highlighted, post.content) if has_patterns else [],
        )
        for post in posts[:limit]
    ]
    next_cursor = f"newest.{posts[limit - 1].id}" if len(posts) > limit else ""
    return FoundPosts(json_array(items), next_cursor, is_degraded=True)


def _ranges(pattern: re.Pattern[str], text: str) -> Ranges:
    return [match.span() for match in pattern.finditer(text)]
