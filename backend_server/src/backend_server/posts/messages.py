"""What the routes of posts take and answer, as the OpenAPI document describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, JsonValue
from pydantic_core import PydanticCustomError

from backend_server.posts.model import LONGEST_CONTENT, LONGEST_TITLE, is_blank
from backend_server.request_models import WITHOUT_NUL, Answer, Body


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("blank", "This cannot be empty.")
    return text


NOT_BLANK: Final = AfterValidator(_not_blank)

# What the description says of NOT_BLANK.
_NOT_ONLY_SPACE: Final[dict[str, JsonValue]] = {"pattern": r"\S"}

Title = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_TITLE, json_schema_extra=_NOT_ONLY_SPACE),
    WITHOUT_NUL,
    NOT_BLANK,
]
Content = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_CONTENT, json_schema_extra=_NOT_ONLY_SPACE),
    WITHOUT_NUL,
    NOT_BLANK,
]


class NewPost(Body):
    title: Title
    content: Content
    allow_duplicate: bool = Field(
        default=True,
        description="False refuses, with 409 `near_copy`, what nearly repeats one's own post of "
        "the last 24 hours; `details.post_id` of the answer names that post.",
    )


class PostChanges(Body):
    """What is left out stays as it is."""

    title: Title | None = None
    content: Content | None = None


class Post(BaseModel):
    id: UUID
    author_id: UUID
    author_email: str | None = Field(description="Null when the author hides it.")
    author_username: str
    title: str
    content: str
    created_at: datetime
    updated_at: datetime
    language: str | None = Field(description="BCP 47 tag; null until it is known.")
    tags: list[str] = Field(description="The #words of title and content, casefolded, without #.")
    near_copy_of: UUID | None = Field(
        None, description="The earlier post of somebody else that this one nearly copies."
    )


class PostAnswer(Answer):
    data: Post


class PostsAnswer(Answer):
    data: list[Post]
