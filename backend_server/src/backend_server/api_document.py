"""The OpenAPI document, which the client is generated from."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask_openapi.openapi import OpenAPI
from pydantic import BaseModel, Field

VERSION: Final = "0.1.0"
PREFIX: Final = "/api"
SESSION_SCHEME: Final[dict[str, Any]] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "Set by signing in; named __Host-session over HTTPS.",
    }
}
_UNSAFE_METHODS: Final = frozenset({"post", "put", "patch", "delete"})


class Error(BaseModel):
    """Every failure."""

    message: str
    code: str = Field(description="In snake_case; stable, unlike the message.")
    errors: dict[str, list[str]] | None = Field(
        None, description="Field name, or `body` for all of it, to what is wrong with it."
    )
    details: dict[str, str] | None = Field(
        None, description="What a program needs to go on: `post_id` with the code `near_copy`."
    )


def document_of(app: OpenAPI) -> bytes:
    """JSON."""
    document: dict[str, Any] = app.api_doc
    for path_item in document["paths"].values():
        for method, operation in path_item.items():
            _add_shared_errors(method, operation)
    for schema in document["components"]["schemas"].values():
        schema.pop("$defs", None)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _add_shared_errors(method: str, operation: dict[str, Any]) -> None:
    statuses = {"500": "Internal Server Error", "503": "Service Unavailable"}
    if operation.get("security"):
        statuses["401"] = "Unauthorized"
    if method in _UNSAFE_METHODS:
        statuses |= {
            "403": "Forbidden",
            "413": "Content Too Large",
            "415": "Unsupported Media Type",
        }
    if "requestBody" in operation:
        statuses |= {"400": "Bad Request", "422": "Unprocessable Content"}
    if "parameters" in operation:
        statuses["422"] = "Unprocessable Content"
    # The framework describes a 422 of its own shape, which is never answered.
    operation["responses"].pop("422", None)
    for status, description in statuses.items():
        operation["responses"].setdefault(status, _response(description))
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _response(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
