"""A member sets a new password with the code from the mail."""

from __future__ import annotations

import time
from typing import Final

import structlog

from backend_server import jobs
from backend_server.accounts import derived_tokens, members, password_resets
from backend_server.accounts.errors import InvalidResetToken
from backend_server.accounts.model import ACCOUNT_MAIL_PRIORITY
from backend_server.accounts.password_resets import LiveReset
from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions.use_cases import end_all_sessions

log: Final = structlog.get_logger(__name__)


def restart_password(services: Services, *, email: str, code: str, new_password: str) -> None:
    """Ends every session of the member, and starts none.

    Raises `InvalidResetToken` for a wrong, used, old or never issued code alike.
    """
    reset = _guess(services, email, code)
    password_hash = services.password_hasher.hash(new_password)
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        if not password_resets.use(connection, reset.id):
            raise InvalidResetToken
        members.set_password_hash(connection, reset.user_id, password_hash)
        jobs.defer(
            session,
            "accounts.send_password_changed",
            queue=jobs.ACCOUNT_MAIL,
            priority=ACCOUNT_MAIL_PRIORITY,
            user_id=str(reset.user_id),
            changed_at=int(time.time()),
        )
        # Before the commit, so that nothing changes without Redis; and after, for who signs in
        # meanwhile.
        end_all_sessions(services, reset.user_id)
        session.commit()
    end_all_sessions(services, reset.user_id)
    log.info("password_reset", user_id=str(reset.user_id))


def _guess(services: Services, email: str, code: str) -> LiveReset:
    """The try is spent and committed before anything is compared."""
    key = services.settings.reset_code_key
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        reset = password_resets.spend_try(connection, email)
        session.commit()
        if reset is None:
            raise InvalidResetToken
        if not derived_tokens.is_reset_code(key, reset.id, code):
            password_resets.record_wrong_guess(psycopg_connection(session), reset.user_id)
            session.commit()
            log.info("reset_refused", user_id=str(reset.user_id))
            raise InvalidResetToken
    return reset
