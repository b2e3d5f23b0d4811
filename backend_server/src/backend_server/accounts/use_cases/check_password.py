"""The one place where a password is compared, and every wrong one counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_server.accounts import sign_in_limits
from backend_server.services import Services

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork


def check_password(
    services: Services,
    password_hash: str | None,
    password: str,
    *,
    account: str,
    network: IPNetwork,
    error: type[Exception],
) -> None:
    """Takes as long for nobody's hash (None) as for somebody's.

    Args:
        account: made by `sign_in_limits.account_of`.
        error: raised when it is wrong, which counts as a failed sign-in.

    Raises:
        TooManyRequests: after too many, before anything is compared.
        Busy: when too many people sign in at the moment.
    """
    limits = sign_in_limits.limits_of(services, account, network)
    # Who is refused anyway does not wait for a turn.
    services.limiter.check(*limits)
    hasher = services.password_hasher
    # In this order: a try that waits for its turn would count against those before it.
    with hasher.turn(), services.limiter.counting(error, *limits):
        if not hasher.verify_in_turn(password_hash, password):
            raise error
