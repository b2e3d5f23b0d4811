"""Calls to the other services. Every call has a deadline and carries the service token."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from service_contracts.heavy_computation.v1 import heavy_computation_pb2_grpc
from service_contracts.mailer.v1 import mailer_pb2_grpc

from backend_server import request_id

if TYPE_CHECKING:
    from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
        SearchRequest,
        SearchResponse,
    )
    from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest, SendMailResponse

SEND_MAIL_DEADLINE_SECONDS = 15.0
SEARCH_DEADLINE_SECONDS = 2.0
HEALTH_DEADLINE_SECONDS = 1.0

# Tries of one call within its deadline, the first included.
MOST_TRIES = 3
FIRST_RETRY_SECONDS = 0.05
LONGEST_RETRY_SECONDS = 0.5

KEEPALIVE_PING_MILLISECONDS = 60_000
KEEPALIVE_ANSWER_MILLISECONDS = 10_000
# After the first failed connection; doubles up to the longest. Short, so that a service that comes
# back is found soon.
FIRST_RECONNECT_MILLISECONDS = 200
LONGEST_RECONNECT_MILLISECONDS = 2_000

# When a service asks for patience without saying how long.
DEFAULT_RETRY_AFTER_SECONDS = 60.0
# When an operator must act first: a key or a setting is wrong.
OPERATOR_RETRY_AFTER_SECONDS = 15 * 60.0
OPERATOR_MUST_ACT = (
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAUTHENTICATED,
)


class CallError(Exception):
    """A call to another service failed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RefusedCallError(CallError):
    """The request can never succeed."""


class TemporaryCallError(CallError):
    """The call failed, or what became of it is unknown; the same call may succeed later."""


class PostponedCallError(TemporaryCallError):
    """A limit, a quota or a setting is in the way for another `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class _LazyChannel:
    """One channel per process, made at its first use: a channel does not survive a fork."""

    def __init__(self, address: str, service: str) -> None:
        self._address = address
        self._service = service
        self._lock = threading.Lock()
        self._of_process: tuple[int, grpc.Channel] | None = None

    def get(self) -> grpc.Channel:
        with self._lock:
            if self._of_process is None or self._of_process[0] != os.getpid():
                self._of_process = (os.getpid(), _open_channel(self._address, self._service))
            return self._of_process[1]

    def close(self) -> None:
        with self._lock:
            if self._of_process is not None and self._of_process[0] == os.getpid():
                self._of_process[1].close()
            self._of_process = None


class MailerClient:
    """Calls the mailer."""

    def __init__(self, address: str, service_token: str) -> None:
        self._channel = _LazyChannel(address, "mailer.v1.MailerService")
        self._service_token = service_token

    def send_mail(self, request: SendMailRequest) -> SendMailResponse:
        """Send one mail to each recipient; sends nothing twice under the same idempotency key.

        Raises `RefusedCallError` when it can never succeed, `PostponedCallError` or another
        `TemporaryCallError` when the same request may succeed later.
        """
        stub = mailer_pb2_grpc.MailerServiceStub(self._channel.get())
        try:
            return stub.SendMail(
                request,
                timeout=SEND_MAIL_DEADLINE_SECONDS,
                metadata=_metadata(self._service_token),
            )
        except grpc.RpcError as error:
            raise _call_error(error) from error

    def is_serving(self) -> bool:
        return _is_serving(self._channel.get())

    def close(self) -> None:
        self._channel.close()


class HeavyComputationClient:
    """Calls heavy_computation."""

    def __init__(self, address: str, service_token: str) -> None:
        self._channel = _LazyChannel(address, "heavy_computation.v1.HeavyComputationService")
        self._service_token = service_token

    def search(self, request: SearchRequest) -> SearchResponse:
        """Rank posts by a query.

        Raises `RefusedCallError`, its message starting with the field's name and a colon, or
        `TemporaryCallError`.
        """
        stub = heavy_computation_pb2_grpc.HeavyComputationServiceStub(self._channel.get())
        try:
            return stub.Search(
                request, timeout=SEARCH_DEADLINE_SECONDS, metadata=_metadata(self._service_token)
            )
        except grpc.RpcError as error:
            raise _call_error(error) from error

    def is_serving(self) -> bool:
        return _is_serving(self._channel.get())

    def close(self) -> None:
        self._channel.close()


def _is_serving(channel: grpc.Channel) -> bool:
    """What the service says of itself by the standard health protocol."""
    try:
        # Its type stubs leave the methods of the stub out.
        check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
        answer = check(health_pb2.HealthCheckRequest(), timeout=HEALTH_DEADLINE_SECONDS)
    except grpc.RpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def _open_channel(address: str, service: str) -> grpc.Channel:
    return grpc.insecure_channel(
        address,
        options=[
            ("grpc.service_config", _service_config(service)),
            ("grpc.keepalive_time_ms", KEEPALIVE_PING_MILLISECONDS),
            ("grpc.keepalive_timeout_ms", KEEPALIVE_ANSWER_MILLISECONDS),
            ("grpc.initial_reconnect_backoff_ms", FIRST_RECONNECT_MILLISECONDS),
            ("grpc.min_reconnect_backoff_ms", FIRST_RECONNECT_MILLISECONDS),
            ("grpc.max_reconnect_backoff_ms", LONGEST_RECONNECT_MILLISECONDS),
        ],
    )


def _service_config(service: str) -> str:
    """Retries as in gRFC A6: only UNAVAILABLE, and none while the service mostly fails."""
    return json.dumps(
        {
            "methodConfig": [
                {
                    "name": [{"service": service}],
                    "retryPolicy": {
                        "maxAttempts": MOST_TRIES,
                        "initialBackoff": f"{FIRST_RETRY_SECONDS}s",
                        "maxBackoff": f"{LONGEST_RETRY_SECONDS}s",
                        "backoffMultiplier": 2,
                        "retryableStatusCodes": ["UNAVAILABLE"],
                    },
                }
            ],
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )


def _metadata(service_token: str) -> tuple[tuple[str, str], ...]:
    return (
        ("authorization", f"Bearer {service_token}"),
        ("x-request-id", request_id.current()),
    )


def _call_error(error: grpc.RpcError) -> CallError:
    if not isinstance(error, grpc.Call):
        return TemporaryCallError(str(error))
    message = error.details() or ""
    match error.code():
        case grpc.StatusCode.INVALID_ARGUMENT:
            return RefusedCallError(message)
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            return PostponedCallError(message, _retry_after_seconds(error))
        case code if code in OPERATOR_MUST_ACT:
            return PostponedCallError(f"{code.name}: {message}", OPERATOR_RETRY_AFTER_SECONDS)
        case code:
            return TemporaryCallError(f"{code.name}: {message}")


def _retry_after_seconds(call: grpc.Call) -> float:
    for key, value in call.trailing_metadata() or ():
        if key == "retry-after-seconds":
            try:
                return max(0.0, float(value))
            except ValueError:
                break
    return DEFAULT_RETRY_AFTER_SECONDS
