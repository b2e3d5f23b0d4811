"""Starting and ending sessions, for the features that decide who may."""

from __future__ import annotations

from uuid import UUID

from backend_server.services import Services
from backend_server.sessions import tokens
from backend_server.sessions.model import Session


def start_session(services: Services, user_id: UUID, user_agent: str) -> tuple[Session, str]:
    """A new session, and the token that the browser is to keep."""
    session = services.session_store.start(user_id, user_agent)
    return session, tokens.sign(session, services.settings.session_key)


def end_session(services: Services, session: Session) -> None:
    services.session_store.end(session)


def end_all_sessions(services: Services, user_id: UUID) -> None:
    services.session_store.end_all(user_id)
