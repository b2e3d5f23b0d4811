from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from backend_server.accounts import usernames
from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.queries import Profile, find_profile, list_members
from backend_server.answers import answer
from backend_server.errors import NotFound
from backend_server.pagination import DEFAULT_LIMIT, GREATEST_LIMIT, next_page_link
from backend_server.request_models import WITHOUT_NUL, Answer, Query
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


class MembersQuery(Query):
    prefix: Annotated[str, Field(max_length=usernames.LONGEST), WITHOUT_NUL] = Field(
        "", description="How the usernames begin, in any case."
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=GREATEST_LIMIT, description="How many to return.")
    after: Annotated[str, Field(max_length=usernames.LONGEST), WITHOUT_NUL] = Field(
        "", description="The last username seen."
    )


class ListedUser(BaseModel):
    id: UUID
    username: str
    bio: str
    created_at: datetime


class UsersAnswer(Answer):
    data: list[ListedUser]


@routes.get("/users", responses={200: UsersAnswer})
def list_users(query: MembersQuery) -> Response:
    """Members by username."""
    with services().database.reading() as connection:
        found = list_members(connection, prefix=query.prefix, after=query.after, limit=query.limit)
    page = found[: query.limit]
    headers = next_page_link(after=page[-1].username) if len(found) > len(page) else None
    return answer("Got users!", page, headers=headers)


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
