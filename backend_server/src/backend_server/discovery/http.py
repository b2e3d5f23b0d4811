"""Routes of discovery."""

from __future__ import annotations

from typing import Annotated, Final

from flask import Response
from pydantic import BaseModel, Field

from backend_server.answers import answer_with_json
from backend_server.discovery.search import Order, search_posts
from backend_server.pagination import DEFAULT_LIMIT, GREATEST_LIMIT, next_page_link
from backend_server.posts.messages import Post
from backend_server.request_models import WITHOUT_NUL, Answer, Query
from backend_server.routing import feature_routes
from backend_server.services import services

# In Unicode code points.
LONGEST_QUERY: Final = 500
LONGEST_CURSOR: Final = 1_000

routes: Final = feature_routes("discovery", __name__)


class SearchQuery(Query):
    q: Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY), WITHOUT_NUL] = Field(
        description="Words to look for."
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=GREATEST_LIMIT, description="How many to return.")
    order: Order = "relevance"
    cursor: Annotated[str, Field(max_length=LONGEST_CURSOR), WITHOUT_NUL] = Field(
        "", description="From the next page's link."
    )


class Highlights(BaseModel):
    """Where the query matches: half-open ranges [start, end] of Unicode code points."""

    title: list[tuple[int, int]]
    content: list[tuple[int, int]]


class FoundPost(Post):
    highlights: Highlights


class FoundPostsAnswer(Answer):
    data: list[FoundPost]


@routes.get("/search/posts", responses={200: FoundPostsAnswer})
def search(query: SearchQuery) -> Response:
    """Posts that match a query."""
    found = search_posts(
        services().database,
        services().heavy_computation,
        query.q,
        query.limit,
        query.order,
        query.cursor,
    )
    headers = next_page_link(cursor=found.next_cursor) if found.next_cursor else None
    return answer_with_json("Got posts!", found.items, headers=headers)
