"""What one network may do in an hour, and what a site may that has many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_server.limits import HOUR, Limit, Window

if TYPE_CHECKING:
    from backend_server.environment import IPNetwork

# What an IPv6 site usually gets (RFC 6177): 65,536 networks of one subscriber each, all free.
IPV6_SITE_BITS: Final = 48
# How many networks' worth a site may do.
NETWORKS_OF_A_SITE: Final = 10


def limits_from(action: str, network: IPNetwork, most: int) -> list[Limit]:
    """`most` in an hour from the network, and some times that from its site if it is IPv6."""
    limits = [_limit(action, network, most)]
    if network.version == 6:
        site = network.supernet(new_prefix=IPV6_SITE_BITS)
        limits.append(_limit(action, site, most * NETWORKS_OF_A_SITE))
    return limits


def _limit(action: str, network: IPNetwork, most: int) -> Limit:
    return Limit(f"{action}_from:{network}", (Window(most, HOUR),))
