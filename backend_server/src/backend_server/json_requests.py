"""Closes what the framework leaves open in JSON bodies: their size, type, depth and oddities."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from backend_server.errors import BodyTooLarge, FieldErrors, MalformedRequest, NotJson

LARGEST_BODY_BYTES: Final = 64 * 1024


class QueryParameters(ImmutableMultiDict[str, str]):
    """Misses a parameter without making an exception of it: the framework asks for each."""

    def get(  # type: ignore[override]  # of werkzeug's overloads, all in one
        self,
        key: str,
        default: Any = None,
        type: Any = None,  # noqa: A002 (werkzeug's name)
    ) -> Any:
        return super().get(key, default, type) if key in self else default


class JsonRequest(Request):
    """The request class of the app, which limits bodies to `LARGEST_BODY_BYTES`."""

    parameter_storage_class = QueryParameters

    def get_json(self, *_arguments: Any, **_options: Any) -> Any:
        """A JSON object, or an error; never silent, whatever the framework asks for."""
        self.require_json()
        try:
            return _parse(self._whole_body())
        except RequestEntityTooLarge as error:
            raise BodyTooLarge from error

    def _whole_body(self) -> bytes:
        """werkzeug cuts off, without a word, a chunked body that is longer than the limit."""
        body = self.get_data(cache=False)
        has_been_cut = len(body) == LARGEST_BODY_BYTES and self.content_length is None
        if has_been_cut and self.environ["wsgi.input"].read(1):
            raise BodyTooLarge
        return body

    def require_json(self) -> None:
        charset = self.mimetype_params.get("charset", "utf-8").lower()
        if self.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
            raise NotJson


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant
        )
    # Too deep is a RecursionError, and a number of thousands of digits a ValueError.
    except (ValueError, RecursionError) as error:
        raise MalformedRequest from error
    if not isinstance(value, dict):
        raise FieldErrors(fields={"body": ["This must be a JSON object."]})
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two parsers may pick different ones of two equal keys: what one checks, the other uses."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key occurs twice")
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
