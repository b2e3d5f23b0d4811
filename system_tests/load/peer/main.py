"""GET /posts, POST /posts and POST /auth/login on FastAPI and SQLModel."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Response, status
from pwdlib import PasswordHash
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from peer.dependencies import CurrentUser, SessionDep, sign
from peer.models import (
    Credentials,
    Post,
    PostAnswer,
    PostCreate,
    PostPublic,
    PostsAnswer,
    SignedInAnswer,
    User,
    now,
)

app = FastAPI(title="The measure")
password_hash = PasswordHash.recommended()
SESSION_LIFETIME = timedelta(days=7)


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


@app.post("/auth/login", response_model=SignedInAnswer)
def log_in(session: SessionDep, response: Response, body: Credentials) -> Any:
    user = session.exec(select(User).where(User.username == body.username)).first()
    if user is None or not password_hash.verify(body.password, user.hashed_password):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Wrong username or password.")
    response.set_cookie("session", sign(user, now() + SESSION_LIFETIME), httponly=True)
    data = {"username": user.username, "email": user.email}
    return SignedInAnswer(message="Signed in", data=data)
