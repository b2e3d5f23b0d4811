"""Somebody says that they forgot a member's password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_server import jobs
from backend_server.accounts.model import ACCOUNT_MAIL_PRIORITY
from backend_server.accounts.network_limits import limits_from
from backend_server.services import Services

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork


def request_reset(services: Services, email: str, network: IPNetwork) -> None:
    """The same work for every address, so that nothing tells whether it has an account.

    Raises `TooManyRequests` after too many from one network or site. What one account may be sent
    is counted by the job, where nobody sees it.
    """
    most = services.settings.reset_requests_per_network
    services.limiter.count(*limits_from("reset", network, most))
    with services.database.transaction() as session:
        jobs.defer(
            session,
            "accounts.send_reset_code",
            queue=jobs.ACCOUNT_MAIL,
            priority=ACCOUNT_MAIL_PRIORITY,
            email=email,
        )
        session.commit()
