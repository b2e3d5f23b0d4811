from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.queries import Profile, find_profile
from backend_server.answers import answer
from backend_server.errors import NotFound
from backend_server.request_models import Answer
from backend_server.routing import error_answers
from backend_server.services import services
from backend_server.sessions import current_session


class UserPath(BaseModel):
    username: str


class Follow(BaseModel):
    """That the caller follows an author."""

    mail: Literal["immediate", "digest", "none"]


class User(BaseModel):
    id: UUID
    username: str
    email: str | None = Field(description="Null when the member hides it.")
    bio: str
    created_at: datetime
    posts: int
    followers: int
    following: int
    follow: Follow | None = Field(description="Null when the caller does not follow.")


class UserAnswer(Answer):
    data: User


@routes.get("/users/<username:username>", responses={200: UserAnswer, **error_answers(404)})
def get_user(path: UserPath) -> Response:
    """One member, as others see them."""
    session = current_session()
    with services().database.reading() as connection:
        profile = find_profile(connection, path.username, session.user_id if session else None)
    if profile is None:
        raise NotFound
    return answer("Got user!", _user(profile))


def _user(profile: Profile) -> dict[str, Any]:
    return {
        "id": profile.id,
        "username": profile.username,
        "email": profile.email,
        "bio": profile.bio,
        "created_at": profile.created_at,
        "posts": profile.posts,
        "followers": profile.followers,
        "following": profile.following,
        "follow": {"mail": profile.mail} if profile.mail else None,
    }
