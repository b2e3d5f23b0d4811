"""Every answer is JSON: `message` and `data`, or on failure `message`, `code` and `errors`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from flask import Response

_ORJSON_OPTIONS: Final = orjson.OPT_UTC_Z
DEGRADED_HEADER: Final = "X-Degraded"


def answer(
    message: str,
    data: Any = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`data` is anything orjson knows: UUIDs, datetimes and dataclasses too. None leaves it out."""
    body = {"message": message} if data is None else {"message": message, "data": data}
    return _json(dump(body), status, headers)


def answer_with_json(
    message: str,
    data: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    degraded: bool = False,
) -> Response:
    """For data that already is JSON, such as Postgres makes it.

    `degraded` says, in body and header, that a part was down and less was done than usual.
    """
    mark = b',"degraded":true' if degraded else b""
    body = b'{"message":%b,"data":%b%b}' % (orjson.dumps(message), data, mark)
    marked = {DEGRADED_HEADER: "true"} if degraded else {}
    return _json(body, status, {**(headers or {}), **marked})


def dump(data: Any) -> bytes:
    """JSON of anything orjson knows."""
    return orjson.dumps(data, option=_ORJSON_OPTIONS)


def failure(
    message: str,
    code: str,
    status: int,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {"message": message, "code": code}
    if errors:
        body["errors"] = errors
    if details:
        body["details"] = details
    return _json(orjson.dumps(body), status, headers)


def _json(body: bytes, status: int, headers: Mapping[str, str] | None) -> Response:
    response = Response(body, status, headers, "application/json")
    # A route that may be cached says so itself.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
