"""The one table from what went wrong to a gRPC status, as mailer.proto promises it."""

import math
from dataclasses import dataclass
from typing import assert_never

import grpc

from mailer.events import ForgedWebhookError, NoWebhookError, UnreadableWebhookError
from mailer.field_rules import InvalidRequestError
from mailer.providers.port import ProviderError, Trouble

RETRY_AFTER = "retry-after-seconds"


@dataclass(frozen=True, slots=True)
class Status:
    code: grpc.StatusCode
    message: str
    trailing_metadata: tuple[tuple[str, str], ...] = ()


# What can go wrong that a caller is told of.
FAILURES = (
    InvalidRequestError,
    ProviderError,
    ForgedWebhookError,
    NoWebhookError,
    UnreadableWebhookError,
)


def status_of(error: Exception) -> Status:
    """Of one of FAILURES."""
    match error:
        case InvalidRequestError() | UnreadableWebhookError():
            return Status(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        case ForgedWebhookError():
            return Status(grpc.StatusCode.PERMISSION_DENIED, str(error))
        case NoWebhookError():
            return Status(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        case ProviderError():
            return _status_of_provider(error)
    raise AssertionError(f"not one of FAILURES: {error!r}")


def _status_of_provider(error: ProviderError) -> Status:
    match error.trouble:
        case Trouble.INVALID_MAIL:
            return Status(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        case Trouble.DEPLOYMENT_REFUSED:
            return Status(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        case Trouble.UNAVAILABLE:
            return Status(grpc.StatusCode.UNAVAILABLE, str(error))
        case Trouble.LIMITED | Trouble.QUOTA_USED_UP:
            seconds = max(1, math.ceil(error.retry_after_seconds))
            metadata = ((RETRY_AFTER, str(seconds)),)
            return Status(grpc.StatusCode.RESOURCE_EXHAUSTED, str(error), metadata)
        case never:
            assert_never(never)
