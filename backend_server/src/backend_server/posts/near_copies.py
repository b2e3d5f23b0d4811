"""Whether a new post nearly copies one that is there already.

Never in the way of a post: when heavy_computation is away, slow or asked too much, the post is
written unchecked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    CheckDuplicateRequest,
    NearCopy,
)

from backend_server.errors import Conflict
from backend_server.grpc_errors import CallError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_server.grpc_clients import HeavyComputationClient

# Jaccard similarity of folded 4-grams of characters: a word in twenty is another.
LEAST_SIMILARITY: Final = 0.85
# Two people say "Good morning!" without one copying the other. In Unicode code points.
SHORTEST_COPIED_TEXT: Final = 60
# How long one's own post counts as just written.
OWN_POST_COUNTS_FOR: Final = timedelta(hours=24)
# One's own and another's are looked for among these.
MOST_NEAR_COPIES: Final = 10


class NearCopyOfOwnPost(Conflict):
    """You posted nearly the same a short while ago."""

    code = "near_copy"

    def __init__(self, post_id: UUID) -> None:
        super().__init__(details={"post_id": str(post_id)})


def original_of(
    heavy_computation: HeavyComputationClient,
    author_id: UUID,
    title: str,
    content: str,
    *,
    allow_duplicate: bool,
) -> UUID | None:
    """The post of somebody else that this text nearly copies: the most similar, then the oldest.

    Raises `NearCopyOfOwnPost` unless `allow_duplicate`.
    """
    may_be_copied = len(title) + len(content) >= SHORTEST_COPIED_TEXT
    if allow_duplicate and not may_be_copied:
        return None
    near_copies = _near_copies(heavy_computation, title, content)
    if not allow_duplicate:
        _refuse_own(near_copies, author_id)
    if not may_be_copied:
        return None
    others = (UUID(each.post_id) for each in near_copies if UUID(each.author_id) != author_id)
    return next(others, None)


def _near_copies(
    heavy_computation: HeavyComputationClient, title: str, content: str
) -> Sequence[NearCopy]:
    """The most similar first, of equals the oldest."""
    request = CheckDuplicateRequest(
        title=title, content=content, min_similarity=LEAST_SIMILARITY, limit=MOST_NEAR_COPIES
    )
    try:
        return heavy_computation.check_duplicate(request).near_copies
    except CallError:
        return []


def _refuse_own(near_copies: Sequence[NearCopy], author_id: UUID) -> None:
    oldest = (datetime.now(UTC) - OWN_POST_COUNTS_FOR).timestamp() * 1000
    for each in near_copies:
        if UUID(each.author_id) == author_id and each.created_at_ms >= oldest:
            raise NearCopyOfOwnPost(UUID(each.post_id))
