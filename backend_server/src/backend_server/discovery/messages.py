"""What the routes of discovery take and answer, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field

from backend_server.discovery.search import Order
from backend_server.discovery.suggestions import Kind
from backend_server.pagination import DEFAULT_LIMIT, GREATEST_LIMIT
from backend_server.posts.messages import Post
from backend_server.request_models import WITHOUT_NUL, Answer, Query

# In Unicode code points.
LONGEST_QUERY: Final = 500
LONGEST_CURSOR: Final = 1_000
LONGEST_TYPED: Final = 100

DEFAULT_SUGGESTIONS: Final = 8
MOST_SUGGESTIONS: Final = 20
DEFAULT_RELATED: Final = 5
MOST_RELATED: Final = 50


class SearchQuery(Query):
    q: Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY), WITHOUT_NUL] = Field(
        description='Words in any form and order, a "phrase", -word, from:username, tag:word, '
        "before:2026-01-31, after:2026-01-01, lang:es.",
        examples=['"night owls" tag:birds -snowy after:2026-01-01'],
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=GREATEST_LIMIT, description="How many to return.")
    order: Order = Field(
        "relevance",
        description="`relevance`: posts with any of the words, the best first. "
        "`newest`: posts with all of them.",
    )
    language: str = Field(
        "",
        pattern="^([a-z]{2})?$",
        description="Only posts in this language (ISO 639-1).",
        examples=["es"],
    )
    cursor: Annotated[str, Field(max_length=LONGEST_CURSOR), WITHOUT_NUL] = Field(
        "", description="From the next page's link."
    )


class Highlights(BaseModel):
    """Where the query matches: half-open ranges [start, end] of Unicode code points."""

    title: list[tuple[int, int]]
    content: list[tuple[int, int]]


class FoundPost(Post):
    highlights: Highlights


class DegradableAnswer(Answer):
    degraded: bool = Field(
        default=False,
        description="True when heavy_computation was down and less was done than usual; "
        "the header `X-Degraded: true` says so, too.",
    )


class FoundPostsAnswer(DegradableAnswer):
    data: list[FoundPost] = Field(
        description="When degraded: the newest matches among the newest 10,000 posts, whatever the "
        "order; words match as beginnings of words."
    )


class SuggestionsQuery(Query):
    q: Annotated[str, Field(min_length=1, max_length=LONGEST_TYPED), WITHOUT_NUL] = Field(
        description="What was typed so far; its last word is completed. A # in front keeps to tags,"
        " an @ to usernames.",
        examples=["#bir"],
    )
    limit: int = Field(
        DEFAULT_SUGGESTIONS, ge=1, le=MOST_SUGGESTIONS, description="How many to return."
    )


class Suggestion(BaseModel):
    kind: Kind
    text: str = Field(description="Without # or @.", examples=["birds"])
    posts: int = Field(description="How many posts hold it, or were written by them.")


class SuggestionsAnswer(DegradableAnswer):
    data: list[Suggestion] = Field(description="Most likely first. When degraded: none.")


class PostPath(BaseModel):
    id: UUID


class RelatedQuery(Query):
    limit: int = Field(DEFAULT_RELATED, ge=1, le=MOST_RELATED, description="How many to return.")


class RelatedPostsAnswer(DegradableAnswer):
    data: list[Post] = Field(
        description="Best first. When degraded: the newest that share a tag with the post."
    )
