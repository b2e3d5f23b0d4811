"""What a request needs: a database session, and the member whose session cookie it carries."""

import os
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import jwt
from fastapi import Cookie, Depends, HTTPException, status
from sqlmodel import Session, create_engine

from peer.models import User

ALGORITHM = "HS256"
engine = create_engine(os.environ["DATABASE_URL"])


def open_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(open_session)]


def current_user(session: SessionDep, token: Annotated[str, Cookie(alias="session")]) -> User:
    try:
        claims = jwt.decode(token, os.environ["SECRET_KEY"], algorithms=[ALGORITHM])
    except jwt.InvalidTokenError as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Not signed in.") from error
    user = session.get(User, uuid.UUID(claims["sub"]))
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Not signed in.")
    return user


def sign(user: User, expires_at: datetime) -> str:
    claims = {"sub": str(user.id), "exp": expires_at}
    return jwt.encode(claims, os.environ["SECRET_KEY"], algorithm=ALGORITHM)


CurrentUser = Annotated[User, Depends(current_user)]
