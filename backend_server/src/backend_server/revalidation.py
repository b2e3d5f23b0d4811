"""Answers that are the same for everybody: kept by whoever likes, asked about before each use."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from flask import Response, request

CACHE_CONTROL: Final = "public, no-cache"
TAG_BYTES: Final = 16


def revalidated(response: Response) -> Response:
    """With an `ETag`, or 304 without a body if `If-None-Match` names it (RFC 9110, 13.1.2).

    The tag is weak, because a proxy may compress what it stands for.
    """
    response.set_etag(blake2b(response.get_data(), digest_size=TAG_BYTES).hexdigest(), weak=True)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.make_conditional(request)
    return response
