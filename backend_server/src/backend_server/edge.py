"""The outermost layer: gives each request its id, each answer its headers, and the log one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import structlog

from backend_server import metrics, request_id, tracing
from backend_server.answers import DEGRADED_HEADER

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log: Final = structlog.get_logger("access")

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
STRICT_TRANSPORT_SECURITY: Final = "max-age=63072000; includeSubDomains"


def at_the_edge(application: WSGIApplication, public_url: str) -> WSGIApplication:
    fixed_headers = dict(HEADERS)
    if public_url.startswith("https://"):
        fixed_headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started_at = perf_counter()
        this_request = request_id.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        status, path, route, is_degraded = "500", "-", "-", False

        def start(
            line: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            nonlocal status, path, route, is_degraded
            # Later the environment does not know the route any more.
            status, path, route = line[:3], _path_without_token(environ), _route(environ)
            already_there = {name for name, _ in headers}
            is_degraded = DEGRADED_HEADER in already_there
            headers.extend(each for each in fixed_headers.items() if each[0] not in already_there)
            headers.append(("X-Request-ID", this_request))
            return start_response(line, headers, exc_info)

        method = environ["REQUEST_METHOD"]
        with tracing.span(
            method,
            "SERVER",
            parent=environ.get("HTTP_TRACEPARENT", ""),
            attributes={"http.request.method": method, "request_id": this_request},
        ) as span:
            try:
                return application(environ, start)
            finally:
                seconds = perf_counter() - started_at
                metrics.observe_request(method, route, status, seconds, is_degraded=is_degraded)
                if span:
                    span.update_name(f"{method} {route}")
                    span.set_attribute("http.response.status_code", int(status))
                log.info(
                    "request",
                    method=method,
                    path=path,
                    status=int(status),
                    milliseconds=round(seconds * 1000, 1),
                )

    return handle


def _route(environ: WSGIEnvironment) -> str:
    """With names in the place of ids: there are as many as there are routes."""
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    return str(rule.rule) if rule else "-"


def _path_without_token(environ: WSGIEnvironment) -> str:
    """Whoever reads the log could use the token in an unsubscribe link."""
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    if rule and "token" in rule.arguments:
        return str(rule.rule)
    # WSGI hands bytes over as if they were Latin-1 (PEP 3333).
    path: str = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    return path
