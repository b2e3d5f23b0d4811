"""Calls to the other services. Every call has a deadline and carries the service token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from service_contracts.heavy_computation.v1.heavy_computation_pb2_grpc import (
    HeavyComputationServiceStub,
)
from service_contracts.mailer.v1.mailer_pb2 import CheckSetupRequest, ReadWebhookRequest
from service_contracts.mailer.v1.mailer_pb2_grpc import MailerServiceStub

from backend_server import request_id
from backend_server.grpc_channels import LazyChannel
from backend_server.grpc_errors import call_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
        SearchRequest,
        SearchResponse,
    )
    from service_contracts.mailer.v1.mailer_pb2 import (
        CheckSetupResponse,
        ReadWebhookResponse,
        SendMailRequest,
        SendMailResponse,
    )

SEND_MAIL_DEADLINE_SECONDS: Final = 15.0
# The mail provider waits for an answer within a second.
READ_WEBHOOK_DEADLINE_SECONDS: Final = 0.7
CHECK_SETUP_DEADLINE_SECONDS: Final = 60.0
SEARCH_DEADLINE_SECONDS: Final = 2.0
HEALTH_DEADLINE_SECONDS: Final = 1.0


class MailerClient:
    """Calls the mailer."""

    def __init__(self, address: str, service_token: str) -> None:
        self._channel = LazyChannel(address, "mailer.v1.MailerService")
        self._service_token = service_token

    def send_mail(self, request: SendMailRequest) -> SendMailResponse:
        """Send one mail to each recipient; sends nothing twice under the same idempotency key.

        Raises `RefusedCallError` when it can never succeed, `PostponedCallError` or another
        `TemporaryCallError` when the same request may succeed later.
        """
        stub = MailerServiceStub(self._channel.get())
        metadata = _metadata(self._service_token)
        with call_errors():
            return stub.SendMail(request, timeout=SEND_MAIL_DEADLINE_SECONDS, metadata=metadata)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> ReadWebhookResponse:
        """Say what a call of the provider's webhook tells.

        Raises `DeniedCallError` when the provider did not sign it, another `RefusedCallError` when
        it is no event, or `TemporaryCallError`.
        """
        stub = MailerServiceStub(self._channel.get())
        metadata = _metadata(self._service_token)
        request = ReadWebhookRequest(body=body, headers=headers)
        with call_errors():
            return stub.ReadWebhook(
                request, timeout=READ_WEBHOOK_DEADLINE_SECONDS, metadata=metadata
            )

    def check_setup(self) -> CheckSetupResponse:
        """What mail depends on outside of this system. Raises `CallError`."""
        stub = MailerServiceStub(self._channel.get())
        metadata = _metadata(self._service_token)
        with call_errors():
            return stub.CheckSetup(
                CheckSetupRequest(), timeout=CHECK_SETUP_DEADLINE_SECONDS, metadata=metadata
            )

    def is_serving(self) -> bool:
        return _is_serving(self._channel.get())

    def close(self) -> None:
        self._channel.close()


class HeavyComputationClient:
    """Calls heavy_computation."""

    def __init__(self, address: str, service_token: str) -> None:
        self._channel = LazyChannel(address, "heavy_computation.v1.HeavyComputationService")
        self._service_token = service_token

    def search(self, request: SearchRequest) -> SearchResponse:
        """Rank posts by a query.

        Raises `RefusedCallError`, its message starting with the field's name and a colon, or
        `TemporaryCallError`.
        """
        stub = HeavyComputationServiceStub(self._channel.get())
        metadata = _metadata(self._service_token)
        with call_errors():
            return stub.Search(request, timeout=SEARCH_DEADLINE_SECONDS, metadata=metadata)

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


def _metadata(service_token: str) -> tuple[tuple[str, str], ...]:
    return (
        ("authorization", f"Bearer {service_token}"),
        ("x-request-id", request_id.current()),
    )
