"""How often a password may be wrong.

Whoever guesses from one network soon has no more tries there, while the member signs in elsewhere.
Whoever guesses from many networks shuts the account for unknown networks only: where the member has
signed in before, only what fails there counts.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final
from uuid import UUID

from backend_server.accounts.network_limits import limits_from
from backend_server.limits import DAY, MINUTE, Limit, Window
from backend_server.redis_connection import redis_errors

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork
    from backend_server.services import Services

# Of one account, from one network.
FAILURES_HERE: Final = (Window(10, 5 * MINUTE), Window(50, DAY))
# Of one account, from all networks it is not known in: what NIST SP 800-63B allows in a row.
FAILURES_ELSEWHERE: Final = (Window(100, DAY),)
KNOWN_NETWORK_SECONDS: Final = 30 * DAY
MOST_KNOWN_NETWORKS: Final = 20


def account_of(user_id: UUID | None, name: str) -> str:
    """A name that nobody has is an account too, or the limits would tell which names exist."""
    return str(user_id or hashlib.sha256(name.encode()).hexdigest()[:32])


def limits_of(services: Services, account: str, network: IPNetwork) -> list[Limit]:
    """All that a wrong password counts against."""
    most_of_network = services.settings.sign_in_failures_per_network
    limits = [_here(account, network), *limits_from("sign_in", network, most_of_network)]
    if not _is_known(services, account, network):
        limits.append(_elsewhere(account))
    return limits


def forgive(services: Services, user_id: UUID, network: IPNetwork) -> None:
    """The member has proved there that the account is theirs: by a code out of their mail."""
    account = account_of(user_id, "")
    services.limiter.forget(_here(account, network), _elsewhere(account))
    remember_network(services, user_id, network)


def remember_network(services: Services, user_id: UUID, network: IPNetwork) -> None:
    """The member is at home there."""
    key = _known_networks_key(str(user_id))
    with redis_errors(), services.limiter.redis.pipeline() as pipeline:
        pipeline.zadd(key, {str(network): time.time()})
        pipeline.zremrangebyrank(key, 0, -MOST_KNOWN_NETWORKS - 1)
        pipeline.expire(key, KNOWN_NETWORK_SECONDS)
        pipeline.execute()


def _here(account: str, network: IPNetwork) -> Limit:
    return Limit(f"sign_in:{account}:{network}", FAILURES_HERE)


def _elsewhere(account: str) -> Limit:
    return Limit(f"sign_in_elsewhere:{account}", FAILURES_ELSEWHERE)


def _is_known(services: Services, account: str, network: IPNetwork) -> bool:
    with redis_errors():
        last = services.limiter.redis.zscore(_known_networks_key(account), str(network))
    return last is not None and float(last) > time.time() - KNOWN_NETWORK_SECONDS


def _known_networks_key(account: str) -> str:
    return f"limits:known_networks:{account}"
