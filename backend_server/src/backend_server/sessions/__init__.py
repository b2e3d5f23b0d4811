"""Signed-in browsers: a signed cookie names a session, and Redis decides whether it exists."""

from backend_server.sessions.current import current_session, require_session
from backend_server.sessions.model import Session

__all__ = ["Session", "current_session", "require_session"]
