"""The one place where the API is put together. Nothing connects before its first request."""

from __future__ import annotations

import os
from typing import Final, NoReturn

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.openapi import OpenAPI
from pydantic import ValidationError

from backend_server import cross_origin, docs_page, error_responses
from backend_server.accounts.http import routes as accounts
from backend_server.accounts.passwords import PasswordHasher
from backend_server.api_document import PREFIX, SESSION_SCHEME, VERSION, Error
from backend_server.config import Settings
from backend_server.database import Database
from backend_server.discovery.http import routes as discovery
from backend_server.edge import at_the_edge
from backend_server.field_messages import field_errors
from backend_server.follows.http import routes as follows
from backend_server.grpc_clients import HeavyComputationClient, MailerClient
from backend_server.health.http import routes as health
from backend_server.json_requests import LARGEST_BODY_BYTES, JsonRequest
from backend_server.limiter import Limiter
from backend_server.notifications.http import routes as notifications
from backend_server.posts.http import routes as posts
from backend_server.routing import UsernameConverter
from backend_server.services import EXTENSION, Services
from backend_server.sessions import required as required_sessions
from backend_server.sessions.http import routes as sessions
from backend_server.sessions.store import SessionStore

FEATURES: Final[tuple[APIBlueprint, ...]] = (
    accounts,
    sessions,
    posts,
    follows,
    discovery,
    notifications,
    health,
)


def create_app(settings: Settings) -> OpenAPI:
    """The API, ready to be served."""
    app = create_routes()
    app.extensions[EXTENSION] = create_services(settings)
    cross_origin.install(app, settings.public_url, settings.allowed_origins)
    required_sessions.install(app)
    wrapped = at_the_edge(app.wsgi_app, settings.public_url)
    app.wsgi_app = wrapped  # type: ignore[method-assign,assignment]  # Flask's own way to wrap
    return app


def create_services(settings: Settings) -> Services:
    token = settings.service_token.newest.reveal()
    return Services(
        settings=settings,
        database=Database(settings.database_url),
        session_store=SessionStore(settings.redis_url),
        limiter=Limiter(settings.redis_url),
        password_hasher=PasswordHasher(
            _hashes_at_once(settings.backend_workers), _most_waiting(settings.backend_threads)
        ),
        mailer=MailerClient(str(settings.mailer_address), token),
        heavy_computation=HeavyComputationClient(str(settings.heavy_computation_address), token),
    )


def _hashes_at_once(processes: int) -> int:
    """Each takes a core."""
    return max(1, (os.cpu_count() or 1) // processes)


def _most_waiting(threads: int) -> int:
    """Most of a process's threads, so that a flood of sign-ins leaves some to answer the rest."""
    return max(1, threads * 3 // 4)


def create_routes() -> OpenAPI:
    """The API without what it works with: enough to describe it."""
    app = OpenAPI(
        __name__,
        info={"title": "Decoupled", "version": VERSION},
        servers=[{"url": PREFIX}],
        security_schemes=SESSION_SCHEME,
        validation_error_model=Error,
        validation_error_callback=_raise_field_errors,
        doc_ui=False,
        static_folder=None,
    )
    app.request_class = JsonRequest
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["username"] = UsernameConverter
    error_responses.install(app)
    for routes in FEATURES:
        app.register_api(routes)
    docs_page.install(app)
    return app


def _raise_field_errors(error: ValidationError) -> NoReturn:
    raise field_errors(error) from None
