"""Every route that the app has, whoever added it, with something plausible to send to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson
from backend_people import PASSWORD
from flask_openapi.openapi import OpenAPI

from backend_server.api_document import document_of
from backend_server.cross_origin import SAFE_METHODS

POST_ID = "4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f"


@dataclass(frozen=True)
class Route:
    method: str
    rule: str
    endpoint: str
    # What the document says of it; empty for the document itself.
    operation: dict[str, Any]
    # JSON that fits what it is described to take; None when it takes none.
    body: dict[str, Any] | None
    # Whether it says that it takes no other fields than those it describes.
    names_its_fields: bool

    @property
    def needs_a_session(self) -> bool:
        return bool(self.operation.get("security"))

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE_METHODS

    def path(self, username: str = "Alice", post_id: str = POST_ID, session_id: str = "x") -> str:
        values = {"username": username, "id": post_id, "token": "x"}
        if self.rule.startswith("/auth/sessions"):
            values["id"] = session_id
        path = re.sub(
            r"<(?:[^:>]+:)?([^>]+)>", lambda found: values.get(found.group(1), "x"), self.rule
        )
        return f"{path}?q=word" if self.rule.startswith("/search") else path

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def every_route(app: OpenAPI) -> list[Route]:
    """With GET, and without the HEAD and OPTIONS that come along."""
    document = _document(app)
    return [
        _route(document, rule.rule, rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def unsafe_routes(app: OpenAPI) -> list[Route]:
    return [route for route in every_route(app) if not route.is_safe]


def _document(app: OpenAPI) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(document_of(app))
    return document


def _route(document: dict[str, Any], rule: str, endpoint: str, method: str) -> Route:
    described = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule)
    operation = document["paths"].get(described, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = _referred(document, content.get("schema", {}))
    body = _plausible(document, "", schema) if schema else None
    names_its_fields = schema.get("additionalProperties") is False
    return Route(method, rule, endpoint, operation, body, names_its_fields)


def _referred(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    referred: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return referred


def _plausible(document: dict[str, Any], name: str, schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _plausible(document, name, _referred(document, schema))
    if "anyOf" in schema:
        return _plausible(document, name, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"), schema.get("format") or name:
        case "object", _:
            fields = schema.get("properties", {})
            return {each: _plausible(document, each, fields[each]) for each in fields}
        case "string", "email":
            return "alice@decoupled.dev"
        case "string", "password" | "currentPassword":
            return PASSWORD
        case "string", "username":
            return "Alice"
        case "string", "token":
            return "123456"
        case "string", _:
            return "stolen"
        case "boolean", _:
            return False
        case "integer", _:
            return schema.get("minimum", 1)
        case "array", _:
            return []
        case _:
            return None
