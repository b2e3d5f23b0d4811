"""Addresses and ports in settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from local_stack.ports import LOOPBACK

LAST_PORT = 65535
ALL_INTERFACES = "0.0.0.0"  # noqa: S104  (compared with, not bound to)


class SettingError(Exception):
    """A setting has a value that it cannot have; the message begins with its name."""


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    def to_connect_to(self) -> "Address":
        """A server on all interfaces is reached on the loopback one."""
        return Address(LOOPBACK, self.port) if self.host == ALL_INTERFACES else self

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def read_port(variables: Mapping[str, str], name: str, default: int) -> int:
    return _port(name, variables.get(name) or str(default))


def read_address(variables: Mapping[str, str], name: str, default: str) -> Address:
    host, colon, port = (variables.get(name) or default).rpartition(":")
    if not colon or not host:
        raise SettingError(f"{name} must be an address like {default}.")
    return Address(host, _port(name, port))


def _port(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LAST_PORT:
        raise SettingError(f"{name} must have a port between 1 and {LAST_PORT}, not {text!r}.")
    return int(text)
