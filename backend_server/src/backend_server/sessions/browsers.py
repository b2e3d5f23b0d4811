"""Which browser on which system a User-Agent names, for people who look at their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# What a User-Agent contains → the name. The first match counts: most browsers also name others.
BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS: Final = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str | None:
    return _first(BROWSERS, user_agent)


def system_of(user_agent: str) -> str | None:
    return _first(SYSTEMS, user_agent)


def _first(names: Sequence[tuple[str, str]], user_agent: str) -> str | None:
    return next((name for part, name in names if part in user_agent), None)
