"""A member sets a new password with the code from the mail."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from backend_server import jobs
from backend_server.accounts import (
    derived_tokens,
    members,
    password_resets,
    reset_guesses,
    sign_in_limits,
)
from backend_server.accounts.errors import InvalidResetToken
from backend_server.accounts.model import ACCOUNT_MAIL_PRIORITY
from backend_server.accounts.password_resets import LiveReset
from backend_server.accounts.use_cases.refuse_guessable import refuse_guessable
from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions.use_cases import end_all_sessions

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork

log: Final = structlog.get_logger(__name__)


def restart_password(
    services: Services, *, email: str, code: str, new_password: str, network: IPNetwork
) -> None:
    """Ends every session of the member, and starts none.

    Raises `InvalidResetToken` for a wrong, used, old or never issued code alike, and
    `TooManyRequests` after too many guesses, by this network or by everybody.
    """
    refuse_guessable(services, new_password, email, field="newPassword")
    guess = _guess(services, email, code, network)
    # Only to who knows the code: the answer tells the username of an address.
    refuse_guessable(services, new_password, guess.reset.username, field="newPassword")
    password_hash = services.password_hasher.hash(new_password)
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        if not password_resets.use(connection, guess.reset.id):
            raise InvalidResetToken
        reset_guesses.forget(connection, guess.attempt_id)
        members.set_password_hash(connection, guess.reset.user_id, password_hash)
        queue_password_changed(session, guess.reset.user_id)
        # Before the commit, so that nothing changes without Redis; and after, for who signs in
        # meanwhile.
        end_all_sessions(services, guess.reset.user_id)
        session.commit()
    end_all_sessions(services, guess.reset.user_id)
    sign_in_limits.forgive(services, guess.reset.user_id, network)
    log.info("password_reset", user_id=str(guess.reset.user_id), network=str(network))


def queue_password_changed(session: Session, user_id: UUID) -> None:
    """The mail that tells a member so."""
    jobs.defer(
        session,
        "accounts.send_password_changed",
        queue=jobs.ACCOUNT_MAIL,
        priority=ACCOUNT_MAIL_PRIORITY,
        user_id=str(user_id),
        changed_at=int(time.time()),
    )


@dataclass(frozen=True, slots=True)
class _RightGuess:
    reset: LiveReset
    attempt_id: int


def _guess(services: Services, email: str, code: str, network: IPNetwork) -> _RightGuess:
    """The guess is counted, as a wrong one, and committed before anything is compared."""
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        # Who is refused anyway is refused without waiting for a turn.
        reset_guesses.check(connection, services.settings, network)
        reset_guesses.take_turn(connection)
        reset_guesses.check(connection, services.settings, network)
        reset = password_resets.spend_try(connection, email)
        attempt_id = reset_guesses.record(connection, reset.user_id if reset else None, network)
        session.commit()
    keys = services.settings.reset_code_key
    if reset is None or not derived_tokens.is_reset_code(keys, reset.id, code):
        user_id = str(reset.user_id) if reset else None
        log.warning("reset_refused", user_id=user_id, network=str(network))
        _alert_if_shut(services)
        raise InvalidResetToken
    return _RightGuess(reset, attempt_id)


def _alert_if_shut(services: Services) -> None:
    with services.database.transaction() as session:
        until = reset_guesses.alert_if_shut(psycopg_connection(session), services.settings)
        session.commit()
    if until:
        log.error("resets_shut", until=until.isoformat())
