"""What the routes of posts take and answer, as the OpenAPI document describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from backend_server.posts.model import LONGEST_CONTENT, LONGEST_TITLE, is_blank
from backend_server.request_models import Answer, Body, Text


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("blank", "This cannot be empty.")
    return text


Title = Annotated[Text, Field(max_length=LONGEST_TITLE), AfterValidator(_not_blank)]
Content = Annotated[Text, Field(max_length=LONGEST_CONTENT), AfterValidator(_not_blank)]


class NewPost(Body):
    title: Title
    content: Content


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


class PostAnswer(Answer):
    data: Post


class PostsAnswer(Answer):
    data: list[Post]
