"""The mail that asks a member to confirm an address."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from backend_server import jobs
from backend_server.accounts import email_confirmations
from backend_server.accounts.model import ACCOUNT_MAIL_PRIORITY, MAILS_OF_ONE_KIND
from backend_server.database import psycopg_connection
from backend_server.limits import Limit
from backend_server.services import Services


def send_confirmation(services: Services, user_id: UUID) -> None:
    """To the address that is to be confirmed; sends nothing when there is none.

    Raises `TooManyRequests` after too many.
    """
    services.limiter.count(Limit(f"confirmation:{user_id}", MAILS_OF_ONE_KIND))
    with services.database.transaction() as session:
        email = email_confirmations.address_to_confirm(psycopg_connection(session), user_id)
        if email is not None:
            queue_confirmation(session, user_id, email)
            session.commit()


def queue_confirmation(session: Session, user_id: UUID, email: str) -> None:
    confirmation_id = email_confirmations.insert(psycopg_connection(session), user_id, email)
    jobs.defer(
        session,
        "accounts.send_confirmation",
        queue=jobs.ACCOUNT_MAIL,
        priority=ACCOUNT_MAIL_PRIORITY,
        confirmation_id=str(confirmation_id),
    )
