"""What a failed call to another service means for whoever made it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import grpc

# When a service asks for patience without saying how long.
DEFAULT_RETRY_AFTER_SECONDS: Final = 60.0
# When an operator must act first: a key or a setting is wrong.
OPERATOR_RETRY_AFTER_SECONDS: Final = 15 * 60.0
OPERATOR_MUST_ACT: Final = (grpc.StatusCode.UNAUTHENTICATED,)


class CallError(Exception):
    """A call to another service failed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RefusedCallError(CallError):
    """The request can never succeed."""


class DeniedCallError(RefusedCallError):
    """The service holds what it was given for forged."""


class TemporaryCallError(CallError):
    """The call failed, or what became of it is unknown; the same call may succeed later."""


class TooSlowCallError(TemporaryCallError):
    """The deadline passed."""


class NotFoundCallError(CallError):
    """What the request is about is not known there, or not yet."""


class PostponedCallError(TemporaryCallError):
    """A limit, a quota or a setting is in the way for another `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class NotSetUpError(PostponedCallError):
    """This deployment is not set up for it; an operator may change that."""


@contextmanager
def call_errors() -> Iterator[None]:
    """Raises a `CallError` for each error of gRPC."""
    try:
        yield
    except grpc.RpcError as error:
        raise _call_error(error) from error


def _call_error(error: grpc.RpcError) -> CallError:
    if not isinstance(error, grpc.Call):
        return TemporaryCallError(str(error))
    message = error.details() or ""
    match error.code():
        case grpc.StatusCode.INVALID_ARGUMENT:
            return RefusedCallError(message)
        case grpc.StatusCode.PERMISSION_DENIED:
            return DeniedCallError(message)
        case grpc.StatusCode.NOT_FOUND:
            return NotFoundCallError(message)
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return TooSlowCallError(f"DEADLINE_EXCEEDED: {message}")
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            return PostponedCallError(message, _retry_after_seconds(error))
        case grpc.StatusCode.FAILED_PRECONDITION:
            return NotSetUpError(f"FAILED_PRECONDITION: {message}", OPERATOR_RETRY_AFTER_SECONDS)
        case code if code in OPERATOR_MUST_ACT:
            return PostponedCallError(f"{code.name}: {message}", OPERATOR_RETRY_AFTER_SECONDS)
        case code:
            return TemporaryCallError(f"{code.name}: {message}")


def _retry_after_seconds(call: grpc.Call) -> float:
    metadata = dict(call.trailing_metadata() or ())
    try:
        return max(0.0, float(metadata["retry-after-seconds"]))
    except (KeyError, ValueError):
        return DEFAULT_RETRY_AFTER_SECONDS
