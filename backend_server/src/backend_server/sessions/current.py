"""The session of the request being handled."""

from __future__ import annotations

from typing import Final

from flask import g, request

from backend_server.errors import NotSignedIn
from backend_server.services import services
from backend_server.sessions import cookie, tokens
from backend_server.sessions.model import Session

_REMEMBERED: Final = "session"


def current_session() -> Session | None:
    """None when nobody is signed in. Asks Redis once per request.

    Raises `PartUnavailable` when Redis does not answer: nobody is let in on a guess.
    """
    if _REMEMBERED not in g:
        setattr(g, _REMEMBERED, _find())
    session: Session | None = getattr(g, _REMEMBERED)
    return session


def require_session() -> Session:
    """Raises `NotSignedIn` when nobody is signed in."""
    session = current_session()
    if session is None:
        raise NotSignedIn
    return session


def _find() -> Session | None:
    used = services()
    token = request.cookies.get(cookie.name(used.settings.public_url))
    if not token:
        return None
    try:
        session = tokens.read(token, used.settings.session_key)
    except NotSignedIn:
        return None
    return session if used.session_store.is_live(session) else None
