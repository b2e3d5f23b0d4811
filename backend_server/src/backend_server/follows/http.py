"""Routes of following."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from backend_server.answers import answer, answer_with_json
from backend_server.follows import queries, use_cases
from backend_server.follows.use_cases import Mail
from backend_server.page_cache import Page
from backend_server.pagination import PageQuery, next_page_link
from backend_server.request_models import Answer, Body
from backend_server.routing import SESSION, error_answers, feature_routes
from backend_server.services import services
from backend_server.sessions import require_session

routes: Final = feature_routes("follows", __name__)


class AuthorPath(BaseModel):
    username: str


class Follow(Body):
    mail: Mail = Field("immediate", description="Which mail to get about this author's posts.")


class FollowAnswer(Answer):
    data: Follow


class FollowMember(BaseModel):
    id: UUID
    username: str
    bio: str


class MembersAnswer(Answer):
    data: list[FollowMember]


@routes.put(
    "/users/<username:username>/follow",
    responses={200: FollowAnswer, **error_answers(404, 409)},
    security=SESSION,
)
def follow(path: AuthorPath, body: Follow) -> Response:
    """Follow a member, or choose another mail about them."""
    session = require_session()
    use_cases.follow(services().database, session.user_id, path.username, body.mail)
    return answer("Following!", {"mail": body.mail})


@routes.delete(
    "/users/<username:username>/follow",
    responses={200: Answer, **error_answers(404)},
    security=SESSION,
)
def unfollow(path: AuthorPath) -> Response:
    """Follow a member no longer."""
    session = require_session()
    use_cases.unfollow(services().database, session.user_id, path.username)
    return answer("Not following any more.")


@routes.get(
    "/users/<username:username>/followers", responses={200: MembersAnswer, **error_answers(404)}
)
def list_followers(path: AuthorPath, query: PageQuery) -> Response:
    """Who follows a member."""
    with services().database.reading() as connection:
        return _answer_page(queries.followers(connection, path.username, query))


@routes.get(
    "/users/<username:username>/following", responses={200: MembersAnswer, **error_answers(404)}
)
def list_following(path: AuthorPath, query: PageQuery) -> Response:
    """Whom a member follows."""
    with services().database.reading() as connection:
        return _answer_page(queries.following(connection, path.username, query))


def _answer_page(page: Page) -> Response:
    headers = next_page_link(before=page.last_id) if page.last_id else None
    return answer_with_json("Got users!", page.items, headers=headers)
