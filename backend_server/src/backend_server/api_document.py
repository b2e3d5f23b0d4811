"""The OpenAPI document, which the client is generated from."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask_openapi.openapi import OpenAPI
from pydantic import BaseModel, Field

from backend_server.api_descriptions import add_descriptions
from backend_server.api_examples import add_examples

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
# Lists that everybody sees alike, and single posts: see `revalidation`.
REVALIDATED: Final = frozenset({"list_posts", "list_posts_by_author", "show_post"})
# Parameters that say where a page begins: only a list with one of them has a next page.
PLACES: Final = frozenset({"before", "after", "cursor"})
# See `posts.idempotency`.
WRITTEN_ONCE: Final = frozenset({"create_post", "create_message"})

SESSION_COOKIE: Final[dict[str, str]] = {
    "log_in": "The session, out of reach of scripts.",
    "log_out": "Takes the session's cookie back.",
    "delete_own_account": "Takes the session's cookie back.",
    "end_session": "Takes the session's cookie back, if the session is the one that asks.",
}

_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what the caller has already: 304 if it still holds.",
    "schema": {"type": "string"},
    "example": 'W/"2f1c5a"',
}
_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "For trying again safely: for 24 hours the same request under the same key is "
    "done once and gets the first answer again; another one under it gets 409.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}
# Mail programs send it in their own form, and without an origin: see `cross_origin`.
IN_ANY_FORM: Final = frozenset({"unsubscribe"})
_WEBHOOK_HEADERS: Final = {
    "svix-id": ("Of the event: the same again has no effect.", "msg_2LMrtRf4lqZAWmjc"),
    "svix-timestamp": ("When it was signed, in seconds of Unix time.", "1764000000"),
    "svix-signature": ("Of id, time and body, each version after a space.", "v1,c2lnbmF0dXJl"),
}
_WEBHOOK_BODY: Final = {
    "description": "The event, byte for byte as it was signed.",
    "content": {"application/json": {"schema": {"type": "object"}}},
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
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        schema.pop("$defs", None)
    for path_item in document["paths"].values():
        for method, operation in path_item.items():
            _add_shared_errors(method, operation)
            _add_headers(operation)
            _add_webhook(operation)
            add_descriptions(operation)
            add_examples(operation, schemas)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _add_headers(operation: dict[str, Any]) -> None:
    responses, name = operation["responses"], operation["operationId"]
    if name in REVALIDATED:
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        tag = _header("Weak; for If-None-Match.", 'W/"2f1c5a"')
        responses["200"]["headers"] = {"ETag": tag}
        responses["304"] = {"description": "Not Modified", "headers": {"ETag": tag}}
    if name in WRITTEN_ONCE:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
        location = _header("Of the post, relative to this path.", "posts/019f3c1e-…")
        responses["201"]["headers"] = {"Location": location}
    if any(each["name"] in PLACES for each in operation.get("parameters", ())):
        link = _header("To the next page, if there is one (RFC 8288).", '<?before=…>; rel="next"')
        responses["200"].setdefault("headers", {})["Link"] = link
    if name in SESSION_COOKIE:
        cookie = _header(SESSION_COOKIE[name], "session=…; HttpOnly; Path=/; SameSite=Lax")
        responses["200"]["headers"] = {"Set-Cookie": cookie}
    for status in {"429", "503"} & responses.keys():
        seconds = _header("In how many seconds to try again.", "5")
        responses[status]["headers"] = {"Retry-After": seconds}
    operation["responses"] = dict(sorted(responses.items()))


def _add_webhook(operation: dict[str, Any]) -> None:
    if operation["operationId"] == "take_webhook":
        operation["requestBody"] = _WEBHOOK_BODY
        operation["parameters"] = [
            {
                "name": name,
                "in": "header",
                # Where no webhook is set up, nobody looks at them.
                "required": False,
                "description": description,
                "schema": {"type": "string"},
                "example": example,
            }
            for name, (description, example) in _WEBHOOK_HEADERS.items()
        ]


def _header(description: str, example: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}, "example": example}


def _add_shared_errors(method: str, operation: dict[str, Any]) -> None:
    statuses = {"500": "Internal Server Error", "503": "Service Unavailable"}
    if operation.get("security"):
        statuses["401"] = "Unauthorized"
    if method in _UNSAFE_METHODS:
        statuses["413"] = "Content Too Large"
        if operation["operationId"] not in IN_ANY_FORM:
            statuses |= {"403": "Forbidden", "415": "Unsupported Media Type"}
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
