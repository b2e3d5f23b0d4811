"""A member has opened the link in the mail."""

from __future__ import annotations

from backend_server.accounts import derived_tokens, email_confirmations
from backend_server.accounts.errors import InvalidConfirmationToken
from backend_server.database import psycopg_connection
from backend_server.services import Services


def confirm_email(services: Services, token: str) -> None:
    """Raises `InvalidConfirmationToken` for a wrong, used, old or outdated token alike."""
    confirmation_id = derived_tokens.confirmation_of(services.settings.link_key, token)
    if confirmation_id is None:
        raise InvalidConfirmationToken
    with services.database.transaction() as session:
        if not email_confirmations.use(psycopg_connection(session), confirmation_id):
            raise InvalidConfirmationToken
        session.commit()
