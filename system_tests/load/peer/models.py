"""Tables and the shapes of requests and answers, in SQLModel's way."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import ARRAY, Column, DateTime, String
from sqlmodel import Field, Relationship, SQLModel


def now() -> datetime:
    return datetime.now(UTC)


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    username: str = Field(unique=True, index=True, max_length=50)
    email: str = Field(unique=True, index=True, max_length=254)
    hashed_password: str = ""
    posts: list["Post"] = Relationship(back_populates="author", cascade_delete=True)


class PostBase(SQLModel):
    title: str = Field(min_length=1, max_length=100)
    content: str = Field(min_length=1, max_length=500)


class PostCreate(PostBase):
    pass


class Post(PostBase, table=True):
    __tablename__ = "posts"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    author_id: uuid.UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")
    language: str | None = None
    tags: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(String), nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True), index=True)
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    author: User = Relationship(back_populates="posts")


class PostPublic(PostBase):
    id: uuid.UUID
    author_id: uuid.UUID
    author_email: str
    author_username: str
    created_at: datetime
    updated_at: datetime
    language: str | None
    tags: list[str]


class PostAnswer(SQLModel):
    message: str
    data: PostPublic


class PostsAnswer(SQLModel):
    message: str
    data: list[PostPublic]


class Credentials(SQLModel):
    username: str
    password: str


class SignedInAnswer(SQLModel):
    message: str
    data: dict[str, str]
