"""What a username may be, and when two of them are the same."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 50
# They would change the meaning of a path.
FORBIDDEN: Final = frozenset("/?#%\\")
# Control, format (unseen, or turning text around), surrogate, private, unassigned, separators.
_INVISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Words that a path uses where a username could stand, or that would pass for the place itself.
RESERVED: Final = frozenset(
    {
        ".",
        "..",
        "admin",
        "api",
        "audience",
        "auth",
        "confirm-email",
        "decoupled",
        "delivery",
        "discovery",
        "docs",
        "export",
        "feed",
        "follow",
        "followers",
        "following",
        "health",
        "insights",
        "live",
        "login",
        "logout",
        "me",
        "messages",
        "metrics",
        "notifications",
        "opened",
        "openapi.json",
        "password",
        "posts",
        "preferences",
        "ready",
        "register",
        "resend",
        "restart-password",
        "search",
        "send-confirmation",
        "send-reset-token",
        "session",
        "sessions",
        "settings",
        "related",
        "suggestions",
        "trends",
        "unsubscribe",
        "users",
        "webhooks",
    }
)


def key_of(username: str) -> str:
    """What makes a username unique: compatibility forms and case do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def problem_with(username: str) -> str | None:
    """What is wrong with it, or None."""
    key = key_of(username)
    if not 1 <= len(username) <= LONGEST:
        return f"A username has 1 to {LONGEST} characters."
    if any(unicodedata.category(each) in _INVISIBLE_CATEGORIES for each in username):
        return "A username cannot contain spaces or invisible characters."
    if FORBIDDEN & {*username, *key}:
        return "A username cannot contain / ? # % or \\."
    if key in RESERVED or _UUID.fullmatch(key):
        return "This username is reserved."
    return None
