"""How an error is answered: the one table of statuses, and the one of database constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import psycopg
import sqlalchemy.exc
import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from backend_server import errors
from backend_server.accounts.errors import EmailTaken, UsernameTaken
from backend_server.answers import failure

log: Final = structlog.get_logger(__name__)

# An error of a class that is not listed has the status of its nearest listed base.
STATUS_OF: Final[Mapping[type[errors.ApplicationError], int]] = {
    errors.MalformedRequest: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.ForeignOrigin: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.BodyTooLarge: 413,
    errors.NotJson: 415,
    errors.FieldErrors: 422,
    errors.TooManyRequests: 429,
    errors.ApplicationError: 500,
    errors.Busy: 503,
    errors.PartUnavailable: 503,
}

# Only the database knows for sure: between asking it first and writing, somebody else may write.
ERROR_OF_CONSTRAINT: Final[Mapping[str, Callable[[], errors.ApplicationError]]] = {
    "users_username_key_unique": UsernameTaken,
    "users_email_key_unique": EmailTaken,
    # The member was deleted while the request ran.
    "posts_author_id_fkey": errors.NotSignedIn,
    "follows_follower_id_fkey": errors.NotSignedIn,
    "follows_author_id_fkey": errors.NotFound,
}

RETRY_AFTER_SECONDS: Final = 5


def install(app: Flask) -> None:
    app.register_error_handler(errors.ApplicationError, _application_error)
    app.register_error_handler(psycopg.IntegrityError, _integrity_error)
    app.register_error_handler(sqlalchemy.exc.IntegrityError, _wrapped_integrity_error)
    app.register_error_handler(HTTPException, _http_exception)
    app.register_error_handler(Exception, _unexpected_error)


def status_of(error: errors.ApplicationError) -> int:
    return next(STATUS_OF[each] for each in type(error).__mro__ if each in STATUS_OF)


def _application_error(error: errors.ApplicationError) -> Response:
    status = status_of(error)
    if isinstance(error, errors.PartUnavailable):
        log.warning("part_unavailable", part=error.part, cause=repr(error.__cause__))
    headers = _retry_after(error)
    return failure(error.message, error.code, status, error.fields, headers, error.details)


def _retry_after(error: errors.ApplicationError) -> dict[str, str]:
    match error:
        case errors.TooManyRequests(retry_after=seconds):
            return {"Retry-After": str(seconds)}
        case errors.Busy() | errors.PartUnavailable():
            return {"Retry-After": str(RETRY_AFTER_SECONDS)}
        case _:
            return {}


def _wrapped_integrity_error(error: sqlalchemy.exc.IntegrityError) -> Response:
    if isinstance(error.orig, psycopg.IntegrityError):
        return _integrity_error(error.orig)
    return _unexpected_error(error)


def _integrity_error(error: psycopg.IntegrityError) -> Response:
    known = ERROR_OF_CONSTRAINT.get(error.diag.constraint_name or "")
    return _application_error(known()) if known else _unexpected_error(error)


def _http_exception(error: HTTPException) -> Response:
    """What routing itself refuses: 404, 405 with `Allow`, a broken request."""
    headers: dict[str, Any] = dict(error.get_headers())
    headers.pop("Content-Type", None)
    code = error.name.lower().replace(" ", "_")
    return failure(f"{error.name}.", code, error.code or 500, headers=headers)


def _unexpected_error(error: Exception) -> Response:
    log.error("unexpected_error", exc_info=error)
    return failure("Something went wrong on our side.", "internal_error", 500)
