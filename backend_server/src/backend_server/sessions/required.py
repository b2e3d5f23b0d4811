"""Routes that are described as needing a session need one, before they look at anything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask import request

from backend_server.sessions.current import require_session

if TYPE_CHECKING:
    from flask_openapi.openapi import OpenAPI

# `<username:name>` in a rule of werkzeug's is `{name}` in OpenAPI.
_VARIABLE: Final = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


def install(app: OpenAPI) -> None:
    """Once all routes are registered."""
    needing_a_session = _endpoints_with_security(app)

    @app.before_request
    def refuse_strangers() -> None:
        method = "GET" if request.method == "HEAD" else request.method
        if (request.endpoint, method) in needing_a_session:
            require_session()


def _endpoints_with_security(app: OpenAPI) -> frozenset[tuple[str, str]]:
    """With the method of each."""
    return frozenset(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if _has_security(app, _VARIABLE.sub(r"{\1}", rule.rule), method)
    )


def _has_security(app: OpenAPI, path: str, method: str) -> bool:
    operation = getattr(app.paths.get(path), method.lower(), None)
    return bool(operation and operation.security)
