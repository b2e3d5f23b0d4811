"""An operator hands a member a reset code, when mail does not reach them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import structlog

from backend_server.accounts import derived_tokens, password_resets
from backend_server.database import psycopg_connection
from backend_server.services import Services

log: Final = structlog.get_logger(__name__)


def issue_reset_code(services: Services, user_id: UUID) -> str:
    """Replaces the one that was mailed, and lives as long. The number of tries is the same."""
    with services.database.transaction() as session:
        reset_id = password_resets.issue_out_of_band(psycopg_connection(session), user_id)
        session.commit()
    log.info("reset_code_issued_by_operator", user_id=str(user_id))
    return derived_tokens.reset_code(services.settings.reset_code_key.newest, reset_id)
