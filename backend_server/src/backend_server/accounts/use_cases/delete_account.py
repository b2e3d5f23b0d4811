"""A member leaves, with everything that belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from backend_server.accounts import members
from backend_server.accounts.use_cases.prove_password import prove_password
from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions import Session
from backend_server.sessions.use_cases import end_all_sessions

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork

log: Final = structlog.get_logger(__name__)

# For a member of many thousand posts and followers.
LONGEST_DELETION_MILLISECONDS: Final = 120_000


def delete_account(
    services: Services, session: Session, *, password: str, network: IPNetwork
) -> None:
    """Posts, follows, mails that wait and sessions go too.

    Raises `WrongPassword`, or `TooManyRequests` after too many of these.
    """
    prove_password(services, session.user_id, password, network)
    with services.database.transaction() as transaction:
        connection = psycopg_connection(transaction)
        connection.execute(f"set local statement_timeout = {LONGEST_DELETION_MILLISECONDS}")
        members.delete(connection, session.user_id)
        # Before the commit, so that nothing is deleted without Redis; and after, for who signs in
        # meanwhile.
        end_all_sessions(services, session.user_id)
        transaction.commit()
    end_all_sessions(services, session.user_id)
    log.info("account_deleted", user_id=str(session.user_id), network=str(network))
