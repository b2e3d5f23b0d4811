"""Every answer is JSON: `message` and `data`, or on failure `message`, `code` and `errors`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from flask import Response

_ORJSON_OPTIONS: Final = orjson.OPT_UTC_Z


def answer(
    message: str,
    data: Any = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`data` is anything orjson knows: UUIDs, datetimes and dataclasses too. None leaves it out."""
    body = {"message": message} if data is None else {"message": message, "data": data}
    return _json(orjson.dumps(body, option=_ORJSON_OPTIONS), status, headers)


def answer_with_json(
    message: str,
    data: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """For data that already is JSON, such as Postgres makes it."""
    body = b'{"message":%b,"data":%b}' % (orjson.dumps(message), data)
    return _json(body, status, headers)


def failure(
    message: str,
    code: str,
    status: int,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {"message": message, "code": code}
    if errors:
        body["errors"] = errors
    return _json(orjson.dumps(body), status, headers)


def _json(body: bytes, status: int, headers: Mapping[str, str] | None) -> Response:
    response = Response(body, status, headers, "application/json")
    # A route that may be cached says so itself.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
