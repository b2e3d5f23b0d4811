"""A member sets a new password, knowing the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from backend_server.accounts import members
from backend_server.accounts.errors import WrongPassword
from backend_server.accounts.use_cases.prove_password import prove_password
from backend_server.accounts.use_cases.refuse_guessable import refuse_guessable
from backend_server.accounts.use_cases.restart_password import queue_password_changed
from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions import Session
from backend_server.sessions.use_cases import end_other_sessions

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork

log: Final = structlog.get_logger(__name__)


def change_password(
    services: Services, session: Session, *, current: str, new: str, network: IPNetwork
) -> None:
    """Ends the member's other sessions, and tells them by mail.

    Raises `WrongPassword`, or `TooManyRequests` after too many of these.
    """
    member = prove_password(services, session.user_id, current, network)
    refuse_guessable(services, new, member.username, member.email, field="newPassword")
    new_hash = services.password_hasher.hash(new)
    with services.database.transaction() as transaction:
        connection = psycopg_connection(transaction)
        # Somebody who resets it meanwhile wins.
        if not members.replace_password_hash(
            connection, member.id, old=member.password_hash, new=new_hash
        ):
            raise WrongPassword
        queue_password_changed(transaction, member.id)
        # Before the commit, so that nothing changes without Redis; and after, for who signs in
        # meanwhile.
        end_other_sessions(services, session)
        transaction.commit()
    end_other_sessions(services, session)
    log.info("password_changed", user_id=str(member.id), network=str(network))
