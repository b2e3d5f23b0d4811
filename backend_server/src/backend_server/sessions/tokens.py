"""The cookie's value: a signed JWT (RFC 7519) that names a session, which `store` may not know."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import jwt

from backend_server.config import Keys, Secret
from backend_server.errors import NotSignedIn
from backend_server.sessions.model import Session

# Pinned: what a token's header claims is never believed.
ALGORITHM: Final = "HS256"
AUDIENCE: Final = "decoupled"
TYPE: Final = "session"
KEY_ID_CHARACTERS: Final = 16
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
    return jwt.encode(claims, key.reveal(), algorithm=ALGORITHM, headers={"kid": id_of(key)})


def read(token: str, keys: Keys) -> Session:
    """Raises `NotSignedIn` for whatever we did not sign for this purpose, or that has expired."""
    session = _verified(token, keys)
    if session.expires_at <= time.time():
        raise NotSignedIn
    return session


@lru_cache(MOST_KEPT_TOKENS)
def _verified(token: str, keys: Keys) -> Session:
    """Kept, because the same token always says the same. Errors are not kept."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _named_key(token, keys).reveal(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": _REQUIRED_CLAIMS},
        )
        if claims["typ"] != TYPE:
            raise NotSignedIn
        return Session(claims["sid"], UUID(claims["sub"]), claims["exp"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise NotSignedIn from error


@lru_cache
def id_of(key: Secret) -> str:
    """Names a key in a token's header (`kid`, RFC 7515) without telling anything of it."""
    return hashlib.sha256(key.reveal().encode()).hexdigest()[:KEY_ID_CHARACTERS]


def _named_key(token: str, keys: Keys) -> Secret:
    """Raises `InvalidTokenError` for a key that is none of ours, or no longer."""
    name = jwt.get_unverified_header(token).get("kid")
    if name is None:
        # Signed before keys had names, when there was one.
        return keys.each[-1]
    for key in keys.each:
        if id_of(key) == name:
            return key
    raise jwt.InvalidTokenError
