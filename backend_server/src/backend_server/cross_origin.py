"""Which requests of other sites are let through.

Unsafe methods take JSON only, and nothing that a browser marks as foreign: `Sec-Fetch-Site` other
than same-origin or none or, without it, a foreign `Origin`. Who sends neither is no browser.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from backend_server.errors import BodyTooLarge, ForeignOrigin
from backend_server.json_requests import LARGEST_BODY_BYTES, JsonRequest

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES: Final = frozenset({"same-origin", "none"})
# Mail programs unsubscribe with a form of their own and no cookie (RFC 8058).
EXEMPT_ENDPOINTS: Final = frozenset({"notifications.unsubscribe"})
PREFLIGHT_LIFETIME_SECONDS: Final = 600
# Of a body that is too large: a proxy that still sends when we close never reads the answer.
MOST_BYTES_READ_PAST: Final = 1024 * 1024


def install(app: Flask, public_url: str, allowed_origins: frozenset[str]) -> None:
    @app.before_request
    def refuse_foreign_and_oversized() -> None:
        if request.method in SAFE_METHODS:
            return
        is_exempt = request.endpoint in EXEMPT_ENDPOINTS
        if not is_exempt:
            _refuse_foreign(public_url, allowed_origins)
        _refuse_oversized()
        if not is_exempt:
            _refuse_other_content()

    if allowed_origins:

        @app.after_request
        def share(response: Response) -> Response:
            return _share(response, allowed_origins)


def _refuse_foreign(public_url: str, allowed_origins: frozenset[str]) -> None:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    is_own = site in OWN_SITES or (site is None and origin in (None, public_url))
    if not is_own and origin not in allowed_origins:
        raise ForeignOrigin


def _refuse_oversized() -> None:
    length = request.content_length or 0
    if length > LARGEST_BODY_BYTES:
        request.environ["wsgi.input"].read(min(length, MOST_BYTES_READ_PAST))
        raise BodyTooLarge


def _refuse_other_content() -> None:
    if isinstance(request, JsonRequest) and (request.content_type or request.content_length):
        request.require_json()


def _share(response: Response, allowed_origins: frozenset[str]) -> Response:
    """CORS, for the origins that the operator has named."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in allowed_origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Location, Retry-After"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_LIFETIME_SECONDS)
    return response
