"""The cookie's value: a signed JWT (RFC 7519) that names a session, which `store` may not know."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import jwt

from backend_server.config import Secret
from backend_server.errors import NotSignedIn
from backend_server.sessions.model import Session

# Pinned: what a token's header claims is never believed.
ALGORITHM: Final = "HS256"
AUDIENCE: Final = "decoupled"
TYPE: Final = "session"
# Tokens already verified, of one process: about 1 kB each.
MOST_KEPT_TOKENS: Final = 4096
_REQUIRED_CLAIMS: Final = ["sub", "sid", "iat", "exp", "aud", "typ"]


def sign(session: Session, key: Secret) -> str:
    claims = {
        "sub": str(session.user_id),
        "sid": session.id,
        "iat": int(time.time()),
        "exp": session.expires_at,
        "aud": AUDIENCE,
        "typ": TYPE,
    }
    return jwt.encode(claims, key.reveal(), algorithm=ALGORITHM)


def read(token: str, key: Secret) -> Session:
    """Raises `NotSignedIn` for whatever we did not sign for this purpose, or that has expired."""
    session = _verified(token, key)
    if session.expires_at <= time.time():
        raise NotSignedIn
    return session


@lru_cache(MOST_KEPT_TOKENS)
def _verified(token: str, key: Secret) -> Session:
    """Kept, because the same token always says the same. Errors are not kept."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.reveal(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": _REQUIRED_CLAIMS},
        )
        if claims["typ"] != TYPE:
            raise NotSignedIn
        return Session(claims["sid"], UUID(claims["sub"]), claims["exp"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise NotSignedIn from error
