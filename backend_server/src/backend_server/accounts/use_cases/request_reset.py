"""Somebody says that they forgot a member's password."""

from __future__ import annotations

from backend_server import jobs
from backend_server.accounts.model import ACCOUNT_MAIL_PRIORITY
from backend_server.services import Services


def request_reset(services: Services, email: str) -> None:
    """The same work for every address, so that nothing tells whether it has an account."""
    with services.database.transaction() as session:
        jobs.defer(
            session,
            "accounts.send_reset_code",
            queue=jobs.ACCOUNT_MAIL,
            priority=ACCOUNT_MAIL_PRIORITY,
            email=email,
        )
        session.commit()
