"""A member has opened the link in the mail."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import structlog

from backend_server import jobs
from backend_server.accounts import derived_tokens, email_confirmations
from backend_server.accounts.errors import InvalidConfirmationToken
from backend_server.accounts.model import ACCOUNT_MAIL_PRIORITY
from backend_server.database import psycopg_connection
from backend_server.services import Services

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

log: Final = structlog.get_logger(__name__)


def confirm_email(services: Services, token: str) -> None:
    """The account's address is then this one; an old one is told that it was replaced.

    Raises `InvalidConfirmationToken` for a wrong, used, old or outdated token alike.
    """
    confirmation_id = derived_tokens.confirmation_of(services.settings.link_key, token)
    if confirmation_id is None:
        raise InvalidConfirmationToken
    with services.database.transaction() as session:
        confirmed = email_confirmations.use(psycopg_connection(session), confirmation_id)
        if confirmed is None:
            raise InvalidConfirmationToken
        if confirmed.old_email is not None:
            _queue_email_changed(session, confirmed.user_id, confirmed.old_email)
        session.commit()
    if confirmed.old_email is not None:
        log.info("email_changed", user_id=str(confirmed.user_id))


def _queue_email_changed(session: Session, user_id: UUID, old_email: str) -> None:
    jobs.defer(
        session,
        "accounts.send_email_changed",
        queue=jobs.ACCOUNT_MAIL,
        priority=ACCOUNT_MAIL_PRIORITY,
        user_id=str(user_id),
        old_email=old_email,
        changed_at=int(time.time()),
    )
