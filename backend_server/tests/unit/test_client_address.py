"""Whom a limit counts: the address that our own proxies saw, whatever a client claims."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from backend_settings import settings_for
from werkzeug.test import EnvironBuilder

from backend_server.client_address import client_network, network_of


def network(peer: str, forwarded: str, trusted_proxies: str) -> str:
    builder = EnvironBuilder(
        headers={"X-Forwarded-For": forwarded}, environ_overrides={"REMOTE_ADDR": peer}
    )
    trusted = settings_for(TRUSTED_PROXIES=trusted_proxies).trusted_proxies
    return str(client_network(builder.get_request(), trusted))


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        # No proxy is ours: nobody is believed.
        ("203.0.113.5", "", "", "203.0.113.5/32"),
        ("203.0.113.5", "198.51.100.1", "", "203.0.113.5/32"),
        # One proxy: what it appended is right, what stands in front of that was claimed.
        ("172.18.0.2", "198.51.100.1", "private", "198.51.100.1/32"),
        ("172.18.0.2", "6.6.6.6, 198.51.100.1", "private", "198.51.100.1/32"),
        # A client in a private network is a client, not another proxy.
        ("172.18.0.2", "6.6.6.6, 192.168.1.7", "private", "192.168.1.7/32"),
        # Who reaches us past the proxy is not believed.
        ("203.0.113.5", "6.6.6.6", "private", "203.0.113.5/32"),
        # Two proxies, each where it should be; or only one of them.
        ("10.0.0.1", "6.6.6.6, 5.5.5.5, 192.0.2.9", "10.0.0.1, 192.0.2.0/24", "5.5.5.5/32"),
        ("10.0.0.1", "6.6.6.6, 5.5.5.5", "10.0.0.1, 192.0.2.0/24", "5.5.5.5/32"),
        # The proxy sent nothing that is an address.
        ("127.0.0.1", "", "127.0.0.1", "127.0.0.1/32"),
        ("127.0.0.1", "unknown", "127.0.0.1", "127.0.0.1/32"),
        ("127.0.0.1", "198.51.100.1, ", "127.0.0.1", "127.0.0.1/32"),
        # IPv4 as Node's sockets write it; IPv6 with its interface.
        ("127.0.0.1", "::ffff:198.51.100.1", "127.0.0.1", "198.51.100.1/32"),
        ("::ffff:127.0.0.1", "2001:db8:1:2:3::4", "127.0.0.1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "", "fe80::/64"),
        ("", "198.51.100.1", "private", "0.0.0.0/32"),
    ],
)  # fmt: skip
def test_the_address_is_what_the_outermost_proxy_of_ours_saw(
    peer: str, forwarded: str, trusted: str, expected: str
) -> None:
    assert network(peer, forwarded, trusted) == expected


@pytest.mark.parametrize(("peer", "trusted"), [("203.0.113.5", ""), ("172.18.0.2", "private")])
def test_a_thousand_forged_addresses_are_one(peer: str, trusted: str) -> None:
    """Behind a proxy, which appends what it saw, and without one."""
    seen = ", 203.0.113.5" if trusted else ""
    forged = {f"6.6.{number // 250}.{number % 250}{seen}" for number in range(1000)}
    assert len(forged) == 1000
    assert {network(peer, each, trusted) for each in forged} == {"203.0.113.5/32"}


def test_an_ipv6_subscriber_is_one_whichever_of_their_addresses_they_use() -> None:
    assert network_of(ip_address("2001:db8:1:2::1")) == network_of(ip_address("2001:db8:1:2:f::9"))
    assert network_of(ip_address("2001:db8:1:3::1")) != network_of(ip_address("2001:db8:1:2::1"))
    assert network_of(ip_address("192.0.2.1")) == ip_network("192.0.2.1/32")
