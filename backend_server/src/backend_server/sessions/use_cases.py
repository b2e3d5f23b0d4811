"""Starting, listing and ending sessions, also for the features that decide who may."""

from __future__ import annotations

from uuid import UUID

from backend_server.errors import NotFound
from backend_server.services import Services
from backend_server.sessions import tokens
from backend_server.sessions.browsers import browser_of, system_of
from backend_server.sessions.model import Session, SignedInBrowser, public_id


def start_session(services: Services, user_id: UUID, user_agent: str) -> tuple[Session, str]:
    """A new session, and the token that the browser is to keep."""
    session = services.session_store.start(user_id, user_agent)
    return session, tokens.sign(session, services.settings.session_key.newest)


def name_of_browser(user_agent: str) -> str:
    """Browser and system, in words of no language: `Firefox, Linux`."""
    return f"{browser_of(user_agent) or '?'}, {system_of(user_agent) or '?'}"


def list_sessions(services: Services, session: Session) -> list[SignedInBrowser]:
    """Those of the session's member: this one first, then by when they were last seen."""
    browsers = services.session_store.of_member(session.user_id)
    browsers.sort(key=lambda each: each.last_seen_at, reverse=True)
    return sorted(browsers, key=lambda each: each.id != public_id(session.id))


def sessions_of_member(services: Services, user_id: UUID) -> list[SignedInBrowser]:
    return services.session_store.of_member(user_id)


def end_session(services: Services, session: Session) -> None:
    services.session_store.end(session)


def end_session_by_id(services: Services, session: Session, public: str) -> bool:
    """Ends a session of the same member; raises `NotFound`. Whether it was this one."""
    if not services.session_store.end_one(session.user_id, public):
        raise NotFound
    return public == public_id(session.id)


def end_other_sessions(services: Services, session: Session) -> None:
    services.session_store.end_others(session)


def end_all_sessions(services: Services, user_id: UUID) -> None:
    services.session_store.end_all(user_id)
