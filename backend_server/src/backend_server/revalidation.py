"""Answers that are the same for everybody: kept by whoever likes, asked about before each use."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from flask import Response, request

CACHE_CONTROL: Final = "public, no-cache"
TAG_BYTES: Final = 16


def revalidated(response: Response, tag: str | None = None) -> Response:
    """With an `ETag`, or 304 without a body if `If-None-Match` names it (RFC 9110, 13.1.2).

    The tag is weak, because a proxy may compress what it stands for. Without one, it is made of
    the body.
    """
    response.headers["ETag"] = f'W/"{tag or tag_of(response.get_data())}"'
    response.headers["Cache-Control"] = CACHE_CONTROL
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response


def tag_of(*parts: bytes) -> str:
    """The same for the same parts, and for no others."""
    digest = blake2b(digest_size=TAG_BYTES)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
