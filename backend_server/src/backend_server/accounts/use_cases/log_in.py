"""A member signs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from backend_server.accounts import members, sign_in_limits, usernames
from backend_server.accounts.errors import AccountSuspended, WrongCredentials
from backend_server.accounts.known_browsers import remember_browser
from backend_server.accounts.members import Credentials
from backend_server.accounts.use_cases.check_password import check_password
from backend_server.database import psycopg_connection
from backend_server.errors import Busy, TooManyRequests
from backend_server.services import Services
from backend_server.sessions.use_cases import end_session, name_of_browser, start_session

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork

log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    username: str
    email: str
    # For the browser's cookie.
    token: str


def log_in(
    services: Services, *, name: str, password: str, user_agent: str, network: IPNetwork
) -> SignedIn:
    """Signs in by username or email address.

    Raises `WrongCredentials` after the same work, whichever of the two is wrong,
    `TooManyRequests` after too many of these, and `AccountSuspended`.
    """
    with services.database.reading() as connection:
        member = members.find_credentials(connection, name)
    member = _check(services, member, name, password, network)
    token = _start_session(services, member, user_agent)
    sign_in_limits.remember_network(services, member.id, network)
    remember_browser(services.database, member.id, name_of_browser(user_agent))
    _rehash_if_outdated(services, member, password)
    log.info("signed_in", user_id=str(member.id), network=str(network))
    return SignedIn(member.username, member.email, token)


def _check(
    services: Services, member: Credentials | None, name: str, password: str, network: IPNetwork
) -> Credentials:
    account = sign_in_limits.account_of(member.id if member else None, usernames.key_of(name))
    password_hash = member.password_hash if member else None
    try:
        check_password(
            services,
            password_hash,
            password,
            account=account,
            network=network,
            error=WrongCredentials,
        )
        if member is None:
            raise WrongCredentials
    except (WrongCredentials, TooManyRequests, Busy) as error:
        # What was typed is not written down: now and then it is a password.
        log.warning("sign_in_refused", account=account, network=str(network), reason=error.code)
        raise
    # Only who knows the password learns of it.
    if member.is_suspended:
        log.warning("sign_in_refused", account=account, reason=AccountSuspended.code)
        raise AccountSuspended
    return member


def _start_session(services: Services, member: Credentials, user_agent: str) -> str:
    """Asks once more: a reset or an operator may have ended all sessions just before this began."""
    session, token = start_session(services, member.id, user_agent)
    with services.database.reading() as connection:
        if not members.may_sign_in(connection, member.id, member.password_hash):
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
