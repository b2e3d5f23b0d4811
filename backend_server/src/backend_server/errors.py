"""What can go wrong in a use case. A class's docstring is its default message."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import ClassVar


class ApplicationError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        message: str | None = None,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        # Field name → what is wrong with it.
        self.fields = fields or {}
        # What a program needs to go on, by name.
        self.details = details or {}
        super().__init__(self.message)


class MalformedRequest(ApplicationError):
    """This is not valid JSON."""

    code = "malformed_request"


class FieldErrors(ApplicationError):
    """Some fields are not valid."""

    code = "invalid_fields"


class NotSignedIn(ApplicationError):
    """Sign in first."""

    code = "not_signed_in"


class NotAllowed(ApplicationError):
    """This is not yours."""

    code = "not_allowed"


class ForeignOrigin(ApplicationError):
    """Another site may not ask for this."""

    code = "foreign_origin"


class NotFound(ApplicationError):
    """There is no such thing here."""

    code = "not_found"


class Conflict(ApplicationError):
    """This is taken."""

    code = "conflict"


class BodyTooLarge(ApplicationError):
    """The body is too large."""

    code = "body_too_large"


class NotJson(ApplicationError):
    """Send JSON: Content-Type: application/json."""

    code = "not_json"


class TooManyRequests(ApplicationError):
    """Too many tries. Try again later."""

    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        self.retry_after = retry_after
        super().__init__()


class Busy(ApplicationError):
    """Too many people ask for this at the moment. Try again soon."""

    code = "busy"


class PartUnavailable(ApplicationError):
    """A part of the system is down. Try again later."""

    code = "part_unavailable"

    def __init__(self, part: str) -> None:
        """`part` names what is down: postgres, redis, heavy_computation or mailer."""
        self.part = part
        super().__init__()
