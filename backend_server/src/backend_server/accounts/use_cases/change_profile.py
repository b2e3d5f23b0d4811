"""A member changes what the account says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from backend_server.accounts import email_confirmations, members
from backend_server.accounts.errors import EmailTaken, NoPassword
from backend_server.accounts.members import ProfileChanges
from backend_server.accounts.model import MAILS_OF_ONE_KIND
from backend_server.accounts.use_cases.prove_password import prove_password
from backend_server.accounts.use_cases.send_confirmation import queue_confirmation
from backend_server.database import psycopg_connection
from backend_server.limits import Limit
from backend_server.services import Services

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy.orm import Session

    from backend_server.environment import IPNetwork


def change_profile(
    services: Services,
    user_id: UUID,
    changes: ProfileChanges,
    *,
    email: str | None,
    password: str | None,
    network: IPNetwork,
) -> None:
    """All of it or nothing. The account moves to a new address once that is confirmed.

    Raises `NoPassword` when a new address comes without the password, `WrongPassword`,
    `EmailTaken`, or `TooManyRequests`. A username that is taken violates a constraint.
    """
    if email is not None:
        if password is None:
            raise NoPassword
        prove_password(services, user_id, password, network)
    with services.database.transaction() as session:
        members.change_profile(psycopg_connection(session), user_id, changes)
        if email is not None:
            _ask_to_confirm(services, session, user_id, email)
        session.commit()


def _ask_to_confirm(services: Services, session: Session, user_id: UUID, email: str) -> None:
    """The account's own address gives up the move to another."""
    connection = psycopg_connection(session)
    if members.is_email_taken(connection, email, except_by=user_id):
        raise EmailTaken
    email_confirmations.give_up_pending(connection, user_id)
    if not _is_own(connection, user_id, email):
        services.limiter.count(Limit(f"confirmation:{user_id}", MAILS_OF_ONE_KIND))
        queue_confirmation(session, user_id, email)


def _is_own(connection: Connection[object], user_id: UUID, email: str) -> bool:
    member = members.find_recipient(connection, user_id)
    return member is not None and member.email == email
