"""A member signs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog

from backend_server.accounts import members
from backend_server.accounts.errors import WrongCredentials
from backend_server.accounts.members import Credentials
from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions.use_cases import end_session, start_session

log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    username: str
    email: str
    # For the browser's cookie.
    token: str


def log_in(services: Services, username_or_email: str, password: str, user_agent: str) -> SignedIn:
    """Raises `WrongCredentials` after the same work, whichever of the two is wrong."""
    with services.database.reading() as connection:
        member = members.find_credentials(connection, username_or_email)
    is_right = services.password_hasher.verify(member.password_hash if member else None, password)
    if member is None or not is_right:
        log.info("sign_in_refused", user_id=str(member.id) if member else None)
        raise WrongCredentials
    token = _start_session(services, member, user_agent)
    _rehash_if_outdated(services, member, password)
    log.info("signed_in", user_id=str(member.id))
    return SignedIn(member.username, member.email, token)


def _start_session(services: Services, member: Credentials, user_agent: str) -> str:
    """Asks for the hash again: a reset may have ended all sessions just before this one began."""
    session, token = start_session(services, member.id, user_agent)
    with services.database.reading() as connection:
        if not members.has_password_hash(connection, member.id, member.password_hash):
            end_session(services, session)
            raise WrongCredentials
    return token


def _rehash_if_outdated(services: Services, member: Credentials, password: str) -> None:
    if services.password_hasher.is_outdated(member.password_hash):
        new_hash = services.password_hasher.hash(password)
        with services.database.transaction() as session:
            members.replace_password_hash(
                psycopg_connection(session), member.id, old=member.password_hash, new=new_hash
            )
            session.commit()
