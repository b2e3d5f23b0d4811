"""How the browser keeps the session: out of reach of scripts and, with HTTPS, of other hosts."""

from __future__ import annotations

from typing import Final

from flask import Response

from backend_server.sessions.model import ABSOLUTE_LIFETIME

# Browsers accept the `__Host-` prefix only with Secure, Path=/ and without Domain (RFC 6265bis).
SECURE_NAME: Final = "__Host-session"
PLAIN_NAME: Final = "session"


def name(public_url: str) -> str:
    return SECURE_NAME if _is_secure(public_url) else PLAIN_NAME


def keep(response: Response, token: str, public_url: str) -> None:
    response.set_cookie(
        name(public_url),
        token,
        max_age=ABSOLUTE_LIFETIME,
        secure=_is_secure(public_url),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget(response: Response, public_url: str) -> None:
    response.delete_cookie(
        name(public_url), secure=_is_secure(public_url), httponly=True, samesite="Lax", path="/"
    )


def _is_secure(public_url: str) -> bool:
    return public_url.startswith("https://")
