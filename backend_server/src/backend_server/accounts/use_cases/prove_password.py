"""A signed-in member shows once more who they are: a stolen session may not do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog

from backend_server.accounts import members, sign_in_limits
from backend_server.accounts.errors import WrongPassword
from backend_server.accounts.use_cases.check_password import check_password
from backend_server.errors import NotSignedIn, TooManyRequests
from backend_server.services import Services

if TYPE_CHECKING:
    from backend_server.accounts.members import Credentials
    from backend_server.environment import IPNetwork

log: Final = structlog.get_logger(__name__)


def prove_password(
    services: Services, user_id: UUID, password: str, network: IPNetwork
) -> Credentials:
    """Raises `WrongPassword`, which counts as a failed sign-in, or `TooManyRequests`."""
    with services.database.reading() as connection:
        member = members.find_credentials_by_id(connection, user_id)
    if member is None:
        raise NotSignedIn
    try:
        check_password(
            services,
            member.password_hash,
            password,
            account=sign_in_limits.account_of(user_id, member.username),
            network=network,
            error=WrongPassword,
        )
    except (WrongPassword, TooManyRequests) as error:
        log.warning("wrong_password", user_id=str(user_id), network=str(network), reason=error.code)
        raise
    return member
