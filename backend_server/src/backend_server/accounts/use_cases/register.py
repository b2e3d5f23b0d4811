"""A new member."""

from __future__ import annotations

from backend_server.accounts import members
from backend_server.accounts.use_cases.send_confirmation import queue_confirmation
from backend_server.database import psycopg_connection
from backend_server.services import Services


def register(
    services: Services, *, username: str, email: str, password: str, language: str
) -> None:
    """Queues the mail that asks to confirm the address.

    A username or an address that is taken violates a constraint: `error_responses` knows which.
    """
    password_hash = services.password_hasher.hash(password)
    with services.database.transaction() as session:
        member = members.NewMember(username, email, password_hash, language)
        user_id = members.insert(psycopg_connection(session), member)
        queue_confirmation(session, user_id)
        session.commit()
