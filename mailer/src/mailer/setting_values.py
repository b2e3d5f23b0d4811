"""Turns the text of a setting into its value. ValueError says what the text must be."""

import math
from ipaddress import ip_address
from urllib.parse import urlsplit

from mailer.addresses import is_sender

LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
HIGHEST_PORT = 65_535


def host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port) > HIGHEST_PORT:
        raise ValueError("must be host:port")
    return text


def is_loopback(host_and_port: str) -> bool:
    """Whether only this machine reaches it."""
    host = host_and_port.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an absolute http or https URL without query")
    return text.rstrip("/")


def redis_url(text: str) -> str:
    if urlsplit(text).scheme not in ("redis", "rediss") or not urlsplit(text).hostname:
        raise ValueError("must be redis://name:password@host:port/number or rediss://…")
    return text


def sender(text: str) -> str:
    if not is_sender(text):
        raise ValueError("must be an address or `Name <address>`")
    return text


def visible_ascii(text: str) -> str:
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("must be visible ASCII characters without spaces")
    return text


def lines_of_visible_ascii(text: str) -> tuple[str, ...]:
    return tuple(visible_ascii(line.strip()) for line in text.splitlines())


def rate(text: str) -> float:
    number = float(text) if text.replace(".", "", 1).isdecimal() else math.nan
    if not number > 0:
        raise ValueError("must be a number above 0")
    return number


def yes_or_no(text: str) -> bool:
    return _one_of(("true", "false"), text.lower()) == "true"


def log_format(text: str) -> str:
    return _one_of(LOG_FORMATS, text)


def log_level(text: str) -> str:
    return _one_of(LOG_LEVELS, text.lower())


def _one_of(choices: tuple[str, ...], text: str) -> str:
    if text not in choices:
        raise ValueError(f"must be one of {', '.join(choices)}")
    return text
