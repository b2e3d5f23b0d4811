"""What a search finds, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

# Half-open ranges of Unicode code points.
Ranges = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FoundPosts:
    # A JSON array.
    items: bytes
    # For the next page; empty on the last one.
    next_cursor: str = ""
    # Whether Postgres answered in the place of heavy_computation.
    is_degraded: bool = False


def json_array(items: Iterable[bytes]) -> bytes:
    return b"[%b]" % b",".join(items)


def with_highlights(post: bytes, title: Ranges, content: Ranges) -> bytes:
    """The post's JSON object with one more key."""
    highlights = orjson.dumps({"title": title, "content": content})
    return b'%b,"highlights":%b}' % (post.removesuffix(b"}"), highlights)
