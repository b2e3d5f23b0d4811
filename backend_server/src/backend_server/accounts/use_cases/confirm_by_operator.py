"""An operator vouches for a member's address."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import structlog

from backend_server.accounts import email_confirmations
from backend_server.database import psycopg_connection
from backend_server.services import Services

log: Final = structlog.get_logger(__name__)


def confirm_by_operator(services: Services, user_id: UUID) -> str:
    """As if the member had opened the link in the mail. Returns the address."""
    with services.database.transaction() as session:
        email = email_confirmations.confirm_current(psycopg_connection(session), user_id)
        session.commit()
    log.info("email_confirmed_by_operator", user_id=str(user_id))
    return email
