"""What the routes of every feature have in common, in URLs and in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.types import ResponseDict
from werkzeug.routing import BaseConverter

from backend_server.api_document import Error

# For `security=` of a route that needs a session.
SESSION: Final[list[dict[str, list[Any]]]] = [{"session": []}]


class UsernameConverter(BaseConverter):
    """`<username:…>` in a path: whatever could be one; anything else is not found."""

    regex = r"[^/\x00-\x1f]{1,50}"
    # werkzeug sees the slash in the regex and assumes that it may match one.
    part_isolating = True


def feature_routes(name: str, import_name: str) -> APIBlueprint:
    """A feature's blueprint. Function names become operation ids, docstrings become summaries."""
    return APIBlueprint(
        name, import_name, abp_tags=[{"name": name}], operation_id_callback=_operation_id
    )


def error_answers(*statuses: int) -> ResponseDict:
    """For `responses=`: what a route answers besides the errors that all routes share."""
    return dict.fromkeys(statuses, Error)


def _operation_id(*, name: str, path: str, method: str) -> str:  # noqa: ARG001 (flask-openapi's keywords)
    return name
