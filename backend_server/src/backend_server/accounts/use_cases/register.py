"""A new member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_server.accounts import members
from backend_server.accounts.network_limits import limits_from
from backend_server.accounts.use_cases.refuse_guessable import refuse_guessable
from backend_server.accounts.use_cases.send_confirmation import queue_confirmation
from backend_server.database import psycopg_connection
from backend_server.services import Services

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork


def register(
    services: Services,
    *,
    username: str,
    email: str,
    password: str,
    language: str,
    network: IPNetwork,
) -> None:
    """Queues the mail that asks to confirm the address.

    A username or an address that is taken violates a constraint: `error_responses` knows which.
    Raises `TooManyRequests` after too many from one network or site.
    """
    refuse_guessable(services, password, username, email, field="password")
    most = services.settings.registrations_per_network
    services.limiter.count(*limits_from("register", network, most))
    password_hash = services.password_hasher.hash(password)
    with services.database.transaction() as session:
        member = members.NewMember(username, email, password_hash, language)
        user_id = members.insert(psycopg_connection(session), member)
        queue_confirmation(session, user_id, email)
        session.commit()
