"""Reads typed values out of environment variables, and names the variable when it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

IPNetwork = IPv4Network | IPv6Network
Networks = tuple[IPNetwork, ...]

# RFC 1918, RFC 4193 and this machine.
PRIVATE_NETWORKS: Final[Networks] = tuple(
    ip_network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1")
)


class SettingsError(Exception):
    """A setting is missing or wrong; the message starts with the variable's name."""


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Addresses(NamedTuple):
    """Where the replicas of a service are; a single name may stand for any number of them."""

    each: tuple[Address, ...]

    def __str__(self) -> str:
        """A target as gRPC names it (its "gRPC Name Resolution")."""
        if len(self.each) == 1:
            return f"dns:///{self.each[0]}"
        return f"ipv{_ip_version(self.each[0].host)}:{','.join(map(str, self.each))}"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that shows up in no log, traceback or repr."""

    _value: str

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def reveal(self) -> str:
        return self._value


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that signs, and those that signed before it: what they signed stays good."""

    newest: Secret
    older: tuple[Secret, ...] = ()

    @property
    def each(self) -> tuple[Secret, ...]:
        return (self.newest, *self.older)


@dataclass(frozen=True, slots=True)
class Environment:
    """Methods raise `SettingsError` when a variable is wrong, or missing and without a default."""

    variables: Mapping[str, str]

    def text(self, name: str, default: str | None = None) -> str:
        value = self.variables.get(name, "").strip() or default
        if value is None:
            raise SettingsError(f"{name} is not set")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"{name} must be one of {', '.join(allowed)}")
        return value

    def whole_number(self, name: str, default: int, *, least: int = 1) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or int(value) < least:
            raise SettingsError(f"{name} must be a whole number, {least} or more")
        return int(value)

    def whole_numbers(self, name: str, default: str, *, least: int) -> tuple[int, ...]:
        values = [value.strip() for value in self.text(name, default).split(",")]
        each = (
            Environment({name: value}).whole_number(name, least, least=least) for value in values
        )
        return tuple(each)

    def day(self, name: str) -> date | None:
        """None when it is not set."""
        value = self.variables.get(name, "").strip()
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise SettingsError(f"{name} must be a day such as 2026-11-23") from error

    def address(self, name: str, default: str | None = None) -> Address:
        host, separator, port = self.text(name, default).rpartition(":")
        if not separator or not host or not port.isdecimal() or int(port) > 65535:
            raise SettingsError(f"{name} must look like host:port")
        return Address(host, int(port))

    def optional_address(self, name: str) -> Address | None:
        return self.address(name) if self.variables.get(name, "").strip() else None

    def addresses(self, name: str) -> Addresses:
        """One address, or several of the same service: IP addresses of one version."""
        values = [value.strip() for value in self.text(name).split(",")]
        each = [Environment({name: value}).address(name) for value in values]
        if len(each) > 1 and {_ip_version(one.host) for one in each} not in ({4}, {6}):
            raise SettingsError(f"{name} must be one host:port, or IP addresses with ports")
        return Addresses(tuple(each))

    def origin(self, name: str) -> str:
        return _origin(name, self.text(name))

    def origins(self, name: str) -> frozenset[str]:
        values = (value.strip() for value in self.variables.get(name, "").split(","))
        return frozenset(_origin(name, value) for value in values if value)

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        return self.choice(name, ("true", "false"), "true" if default else "false") == "true"

    def proxies(self, name: str) -> tuple[Networks, ...]:
        """The networks that each proxy in front may be in, the nearest first."""
        values = (value.strip() for value in self.variables.get(name, "").split(","))
        return tuple(_networks(name, value) for value in values if value)

    def secret(self, name: str) -> Secret:
        """Also reads the file named by `{name}_FILE`, as Docker and Kubernetes hand out secrets."""
        value = self._secret_text(name)
        if not value:
            raise SettingsError(f"{name} is empty")
        return Secret(value)

    def keys(self, name: str, *, least_bytes: int = 1) -> Keys:
        """One a line, the newest first; from a file too, as `secret`."""
        values = [line.strip() for line in self._secret_text(name).splitlines() if line.strip()]
        if not values or min(len(value.encode()) for value in values) < least_bytes:
            raise SettingsError(f"{name} must be at least {least_bytes} bytes long")
        newest, *older = map(Secret, values)
        return Keys(newest, tuple(older))

    def _secret_text(self, name: str) -> str:
        path = self.variables.get(f"{name}_FILE", "")
        if not path:
            return self.text(name)
        if self.variables.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set; set one")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE cannot be read: {error}") from error


def _origin(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise SettingsError(f"{name} must be an origin such as https://decoupled.example")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _networks(name: str, value: str) -> Networks:
    try:
        return PRIVATE_NETWORKS if value == "private" else (ip_network(value),)
    except ValueError as error:
        message = f"{name} must list networks such as 10.0.0.0/8, addresses, or the word private"
        raise SettingsError(message) from error


def _ip_version(host: str) -> int:
    """4 or 6; 0 for a name."""
    try:
        return ip_address(host.strip("[]")).version
    except ValueError:
        return 0
