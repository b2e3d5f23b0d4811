"""Search for posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SEARCH_ORDER_NEWEST,
    SEARCH_ORDER_RELEVANCE,
    SearchRequest,
    TextRange,
)

from backend_server.discovery import degraded
from backend_server.discovery.errors import SearchBusy, SearchUnavailable
from backend_server.discovery.found_posts import FoundPosts, Ranges, json_array, with_highlights
from backend_server.errors import FieldErrors
from backend_server.grpc_errors import (
    PostponedCallError,
    RefusedCallError,
    TemporaryCallError,
    TooSlowCallError,
)
from backend_server.posts.queries import posts_by_id

if TYPE_CHECKING:
    from backend_server.database import Database
    from backend_server.grpc_clients import HeavyComputationClient

Order = Literal["relevance", "newest"]

_ORDERS: Final = {"relevance": SEARCH_ORDER_RELEVANCE, "newest": SEARCH_ORDER_NEWEST}
# A field of the service's request → what the caller knows it as.
_PARAMETERS: Final = {"query": "q", "page_token": "cursor"}


@dataclass(frozen=True, slots=True)
class Search:
    query: str
    # ISO 639-1, or empty for all.
    language: str
    limit: int
    order: Order
    # Empty for the first page.
    cursor: str


def search_posts(
    database: Database, heavy_computation: HeavyComputationClient, search: Search
) -> FoundPosts:
    """Posts that match, with where they match. Those deleted a moment ago are left out.

    While heavy_computation is down, the newest posts that match. Raises `SearchUnavailable`,
    `SearchBusy`, or `FieldErrors` for a query or cursor that cannot be answered.
    """
    if degraded.is_own_cursor(search.cursor):
        return _search_newest(database, search)
    try:
        return _search_best(database, heavy_computation, search)
    except RefusedCallError as error:
        field, _, reason = error.message.partition(":")
        parameter = _PARAMETERS.get(field, field if field == "language" else "q")
        raise FieldErrors(fields={parameter: [reason.strip() or error.message]}) from error
    except (PostponedCallError, TooSlowCallError) as error:
        # It is there, and so would be the same load on Postgres.
        raise SearchBusy from error
    except TemporaryCallError as error:
        if search.cursor:
            raise SearchUnavailable("heavy_computation") from error
        return _search_newest(database, search)


def _search_best(
    database: Database, heavy_computation: HeavyComputationClient, search: Search
) -> FoundPosts:
    response = heavy_computation.search(
        SearchRequest(
            query=search.query,
            language=search.language,
            limit=search.limit,
            order=_ORDERS[search.order],
            page_token=search.cursor,
        )
    )
    post_ids = [UUID(hit.post_id) for hit in response.hits]
    with database.reading() as connection:
        post_of_id = posts_by_id(connection, post_ids) if post_ids else {}
    items = (
        with_highlights(
            post_of_id[post_id], _ranges(hit.title_highlights), _ranges(hit.content_highlights)
        )
        for post_id, hit in zip(post_ids, response.hits, strict=True)
        if post_id in post_of_id
    )
    return FoundPosts(json_array(items), response.next_page_token)


def _search_newest(database: Database, search: Search) -> FoundPosts:
    return degraded.search_newest(
        database, search.query, search.language, search.limit, search.cursor
    )


def _ranges(ranges: Sequence[TextRange]) -> Ranges:
    return [(each.start, each.end) for each in ranges]
