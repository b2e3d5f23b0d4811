"""Where a request comes from, as far as it can be believed.

What limits count is a network: an IPv4 address, or the /64 that one IPv6 subscriber chooses from.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

from flask import Request, request

from backend_server.environment import IPNetwork, Networks
from backend_server.services import services

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

IPV6_SUBSCRIBER_BITS: Final = 64
# Of a request whose other end has no address, such as a Unix socket's.
UNKNOWN: Final = ipaddress.IPv4Address("0.0.0.0")  # noqa: S104 (nothing listens there)


def current_network() -> IPNetwork:
    """Where the request being handled comes from."""
    return client_network(request, services().settings.trusted_proxies)


def client_network(received: Request, trusted_proxies: Sequence[Networks]) -> IPNetwork:
    peer = _parse(received.environ.get("REMOTE_ADDR", "")) or UNKNOWN
    forwarded = received.headers.get("X-Forwarded-For", "").split(",")
    return network_of(client_address(peer, forwarded, trusted_proxies))


def client_address(
    peer: IPAddress, forwarded: Sequence[str], trusted_proxies: Sequence[Networks]
) -> IPAddress:
    """The nearest end of the connection that is not one of our proxies.

    Args:
        peer: the other end of the socket.
        forwarded: each proxy appended the address that it saw; what a client sent stands in front.
        trusted_proxies: the networks of each proxy that is ours, the nearest first. Never more are
            passed, so nothing that a client claims is reached.
    """
    address = peer
    for networks, claimed in zip(trusted_proxies, reversed(forwarded), strict=False):
        seen = _parse(claimed.strip())
        if seen is None or not any(address in network for network in networks):
            break
        address = seen
    return address


def network_of(address: IPAddress) -> IPNetwork:
    if isinstance(address, ipaddress.IPv4Address):
        return ipaddress.IPv4Network(address)
    return ipaddress.IPv6Network((address, IPV6_SUBSCRIBER_BITS), strict=False)


def _parse(text: str) -> IPAddress | None:
    """IPv4 in IPv6's clothes (`::ffff:192.0.2.1`) is IPv4."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
