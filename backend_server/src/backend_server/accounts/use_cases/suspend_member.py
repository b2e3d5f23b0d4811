"""An operator takes a member out, or lets them back in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog

from backend_server.accounts import members
from backend_server.accounts.use_cases.delete_account import LONGEST_DELETION_MILLISECONDS
from backend_server.database import psycopg_connection
from backend_server.services import Services
from backend_server.sessions.use_cases import end_all_sessions

if TYPE_CHECKING:
    from psycopg import Connection

log: Final = structlog.get_logger(__name__)


def suspend_member(services: Services, user_id: UUID) -> bool:
    """Signed out at once; posts hidden, also from search. Whether that is new."""
    is_new = _write(services, user_id, members.suspend)
    # Who signed in while that was written is signed out too.
    end_all_sessions(services, user_id)
    if is_new:
        log.info("member_suspended", user_id=str(user_id))
    return is_new


def reinstate_member(services: Services, user_id: UUID) -> bool:
    """May sign in again; posts are back. Whether the member was suspended."""
    is_new = _write(services, user_id, members.reinstate)
    if is_new:
        log.info("member_reinstated", user_id=str(user_id))
    return is_new


def _write(
    services: Services, user_id: UUID, change: Callable[[Connection[Any], UUID], bool]
) -> bool:
    """Each of the member's posts is recorded as changed."""
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        connection.execute(f"set local statement_timeout = {LONGEST_DELETION_MILLISECONDS}")
        is_new = change(connection, user_id)
        connection.execute("select pg_notify('changes', '')")
        session.commit()
    return is_new
