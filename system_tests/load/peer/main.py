"""GET /posts and POST /posts on FastAPI and SQLModel."""

from typing import Annotated, Any

from fastapi import FastAPI, Query
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from peer.dependencies import CurrentUser, SessionDep
from peer.models import Post, PostAnswer, PostCreate, PostPublic, PostsAnswer

app = FastAPI(title="The measure")


def public(post: Post) -> PostPublic:
    author = {"author_username": post.author.username, "author_email": post.author.email}
    return PostPublic.model_validate(post, update=author)


@app.get("/posts", response_model=PostsAnswer)
def read_posts(session: SessionDep, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> Any:
    # SQLModel gives a relationship the type of the related model.
    author = joinedload(Post.author)  # type: ignore[arg-type]
    newest = select(Post).options(author).order_by(col(Post.created_at).desc()).limit(limit)
    posts = session.exec(newest).all()
    return PostsAnswer(message="Got posts!", data=[public(post) for post in posts])


@app.post("/posts", response_model=PostAnswer, status_code=201)
def create_post(session: SessionDep, author: CurrentUser, body: PostCreate) -> Any:
    post = Post.model_validate(body, update={"author_id": author.id})
    session.add(post)
    session.commit()
    session.refresh(post)
    return PostAnswer(message="Post created successfully", data=public(post))
