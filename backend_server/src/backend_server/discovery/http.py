"""Routes of discovery."""

from __future__ import annotations

from typing import Final

from flask import Response

from backend_server.answers import answer_with_json, dump
from backend_server.discovery.messages import (
    FoundPostsAnswer,
    PostPath,
    RelatedPostsAnswer,
    RelatedQuery,
    SearchQuery,
    SuggestionsAnswer,
    SuggestionsQuery,
)
from backend_server.discovery.related import related_posts
from backend_server.discovery.search import Search, search_posts
from backend_server.discovery.suggestions import completions_of
from backend_server.pagination import next_page_link
from backend_server.routing import error_answers, feature_routes
from backend_server.services import services

GOT_POSTS: Final = "Got posts!"
# Typing goes back and forth over the same few letters. The same for everybody.
SUGGESTIONS_CACHE_CONTROL: Final = "public, max-age=30"

routes: Final = feature_routes("discovery", __name__)


@routes.get("/search/posts", responses={200: FoundPostsAnswer})
def search(query: SearchQuery) -> Response:
    """Posts that match a query."""
    wanted = Search(query.q, query.language, query.limit, query.order, query.cursor)
    found = search_posts(services().database, services().heavy_computation, wanted)
    headers = next_page_link(cursor=found.next_cursor) if found.next_cursor else None
    return answer_with_json(GOT_POSTS, found.items, headers=headers, degraded=found.is_degraded)


@routes.get("/search/suggestions", responses={200: SuggestionsAnswer})
def suggest(query: SuggestionsQuery) -> Response:
    """Words, tags and usernames that complete what is being typed, mistyped or not."""
    completions = completions_of(services().heavy_computation, query.q, query.limit)
    is_degraded = completions is None
    headers = None if is_degraded else {"Cache-Control": SUGGESTIONS_CACHE_CONTROL}
    items = dump(completions or [])
    return answer_with_json("Got suggestions!", items, headers=headers, degraded=is_degraded)


@routes.get("/posts/<uuid:id>/related", responses={200: RelatedPostsAnswer, **error_answers(404)})
def list_related_posts(path: PostPath, query: RelatedQuery) -> Response:
    """Posts about the same thing as a post."""
    found = related_posts(services().database, services().heavy_computation, path.id, query.limit)
    return answer_with_json(GOT_POSTS, found.items, degraded=found.is_degraded)
