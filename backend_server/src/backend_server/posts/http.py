"""Routes of posts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response, request
from pydantic import BaseModel

from backend_server.answers import answer, answer_with_json
from backend_server.page_cache import Page
from backend_server.pagination import PageQuery, next_page_link
from backend_server.posts import queries, use_cases
from backend_server.posts.idempotency import idempotency_key
from backend_server.posts.messages import NewPost, PostAnswer, PostChanges, PostsAnswer
from backend_server.posts.use_cases import NewPostText
from backend_server.request_models import Answer
from backend_server.revalidation import revalidated
from backend_server.routing import SESSION, error_answers, feature_routes
from backend_server.services import services
from backend_server.sessions import require_session

GOT_POSTS: Final = "Got posts!"

routes: Final = feature_routes("posts", __name__)


class PostPath(BaseModel):
    id: UUID


class AuthorPath(BaseModel):
    username: str


# The specification's example creates posts under /messages.
@routes.post(
    "/messages",
    endpoint="create_message",
    operation_id="create_message",
    responses={201: PostAnswer, **error_answers(409)},
    security=SESSION,
)
@routes.post("/posts", responses={201: PostAnswer, **error_answers(409)}, security=SESSION)
def create_post(body: NewPost) -> Response:
    """Write a post. Its readers are told by mail."""
    post = use_cases.create_post(
        services(),
        require_session().user_id,
        NewPostText(body.title, body.content),
        allow_duplicate=body.allow_duplicate,
        key=idempotency_key(request.headers),
    )
    # Relative, so that it holds under whatever prefix a proxy has taken off.
    location = f"{'../' if request.path.endswith('/') else ''}posts/{post.id}"
    message = "Post created successfully"
    return answer_with_json(message, post.json, 201, {"Location": location})


@routes.get("/posts", responses={200: PostsAnswer})
def list_posts(query: PageQuery) -> Response:
    """All posts, newest first."""
    used = services()
    page = queries.all_posts(used.database, used.pages, query)
    return revalidated(_answer_page(page), page.tag)


@routes.get("/feed", responses={200: PostsAnswer}, security=SESSION)
def list_feed(query: PageQuery) -> Response:
    """The posts of those whom the member follows, newest first."""
    session = require_session()
    with services().database.reading() as connection:
        return _answer_page(queries.posts_by_followed(connection, query, session.user_id))


@routes.get("/posts/<uuid:id>", responses={200: PostAnswer, **error_answers(404)})
def show_post(path: PostPath) -> Response:
    """One post."""
    with services().database.reading() as connection:
        post = queries.post(connection, path.id)
    return revalidated(answer_with_json("Got post!", post))


@routes.patch(
    "/posts/<uuid:id>", responses={200: PostAnswer, **error_answers(404)}, security=SESSION
)
def edit_post(path: PostPath, body: PostChanges) -> Response:
    """Change one's own post. What is left out stays."""
    session = require_session()
    post = use_cases.edit_post(
        services().database, session.user_id, path.id, body.title, body.content
    )
    return answer_with_json("Post updated successfully!", post)


@routes.delete("/posts/<uuid:id>", responses={200: Answer, **error_answers(404)}, security=SESSION)
def delete_post(path: PostPath) -> Response:
    """Delete one's own post."""
    session = require_session()
    use_cases.delete_post(services().database, session.user_id, path.id)
    return answer("Post deleted successfully!")


# A username may not look like a UUID, so these paths never compete with those of a post.
@routes.get("/posts/<username:username>", responses={200: PostsAnswer, **error_answers(404)})
def list_posts_by_author(path: AuthorPath, query: PageQuery) -> Response:
    """One member's posts, newest first."""
    used = services()
    page = queries.posts_by_author(used.database, used.pages, query, path.username)
    return revalidated(_answer_page(page), page.tag)


def _answer_page(page: Page) -> Response:
    headers = next_page_link(before=page.last_id) if page.last_id else None
    return answer_with_json(GOT_POSTS, page.items, headers=headers)
