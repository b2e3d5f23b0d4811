"""Search for posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

import orjson
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SEARCH_ORDER_NEWEST,
    SEARCH_ORDER_RELEVANCE,
    SearchHit,
    SearchRequest,
    SearchResponse,
    TextRange,
)

from backend_server.errors import FieldErrors, PartUnavailable
from backend_server.grpc_errors import RefusedCallError, TemporaryCallError
from backend_server.posts.queries import posts_by_id

if TYPE_CHECKING:
    from backend_server.database import Database
    from backend_server.grpc_clients import HeavyComputationClient

Order = Literal["relevance", "newest"]

_ORDERS: Final = {"relevance": SEARCH_ORDER_RELEVANCE, "newest": SEARCH_ORDER_NEWEST}
# A field of the service's request → what the caller knows it as.
_PARAMETERS: Final = {"query": "q", "page_token": "cursor"}


class SearchUnavailable(PartUnavailable):
    """Search is down. Try again later."""

    code = "search_unavailable"


@dataclass(frozen=True, slots=True)
class FoundPosts:
    # A JSON array.
    items: bytes
    # For the next page; empty on the last one.
    next_cursor: str


def search_posts(
    database: Database,
    heavy_computation: HeavyComputationClient,
    query: str,
    limit: int,
    order: Order,
    cursor: str,
) -> FoundPosts:
    """Posts that match, with where they match. Those deleted a moment ago are left out.

    Raises `SearchUnavailable`, or `FieldErrors` for a query or cursor that cannot be answered.
    """
    request = SearchRequest(query=query, limit=limit, order=_ORDERS[order], page_token=cursor)
    response = _call(heavy_computation, request)
    post_ids = [UUID(hit.post_id) for hit in response.hits]
    with database.reading() as connection:
        post_of_id = posts_by_id(connection, post_ids) if post_ids else {}
    items = [
        _with_highlights(post_of_id[post_id], hit)
        for post_id, hit in zip(post_ids, response.hits, strict=True)
        if post_id in post_of_id
    ]
    return FoundPosts(b"[%b]" % b",".join(items), response.next_page_token)


def _call(heavy_computation: HeavyComputationClient, request: SearchRequest) -> SearchResponse:
    try:
        return heavy_computation.search(request)
    except RefusedCallError as error:
        field, _, reason = error.message.partition(":")
        parameter = _PARAMETERS.get(field, "q")
        raise FieldErrors(fields={parameter: [reason.strip() or error.message]}) from error
    except TemporaryCallError as error:
        raise SearchUnavailable("heavy_computation") from error


def _with_highlights(post: bytes, hit: SearchHit) -> bytes:
    """The post's JSON object with one more key."""
    highlights = {
        "title": _ranges(hit.title_highlights),
        "content": _ranges(hit.content_highlights),
    }
    return b'%b,"highlights":%b}' % (post.removesuffix(b"}"), orjson.dumps(highlights))


def _ranges(ranges: Sequence[TextRange]) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in ranges]
