"""Calls to the other services. Every call has a deadline and carries the service token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from service_contracts.heavy_computation.v1.heavy_computation_pb2_grpc import (
    HeavyComputationServiceStub,
)
from service_contracts.mailer.v1.mailer_pb2 import CheckSetupRequest, ReadWebhookRequest
from service_contracts.mailer.v1.mailer_pb2_grpc import MailerServiceStub

from backend_server.circuit_breaker import CircuitBreaker
from backend_server.grpc_calls import CallOptions, calling
from backend_server.grpc_channels import REPLICAS, LazyChannel

if TYPE_CHECKING:
    from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
        CheckDuplicateRequest,
        CheckDuplicateResponse,
        RelatedRequest,
        RelatedResponse,
        SearchRequest,
        SearchResponse,
        SuggestRequest,
        SuggestResponse,
    )
    from service_contracts.mailer.v1.mailer_pb2 import (
        CheckSetupResponse,
        ReadWebhookResponse,
        SendMailRequest,
        SendMailResponse,
    )

MAILER: Final = "mailer.v1.MailerService"
HEAVY_COMPUTATION: Final = "heavy_computation.v1.HeavyComputationService"

SEND_MAIL_DEADLINE_SECONDS: Final = 15.0
# The mail provider waits for an answer within a second.
READ_WEBHOOK_DEADLINE_SECONDS: Final = 0.7
CHECK_SETUP_DEADLINE_SECONDS: Final = 60.0
# A reader waits for a search; while typing, and while a page comes up, for less.
DEADLINE_SECONDS_OF_OPERATION: Final[Mapping[str, float]] = {
    "Search": 1.0,
    "Suggest": 0.25,
    "Related": 0.5,
    # A post waits for it.
    "CheckDuplicate": 0.05,
}
HEALTH_DEADLINE_SECONDS: Final = 1.0


class MailerClient:
    """Calls the mailer."""

    def __init__(self, address: str, service_token: str) -> None:
        self._channel = LazyChannel(address, MAILER)
        self._service_token = service_token

    def send_mail(self, request: SendMailRequest) -> SendMailResponse:
        """Send one mail to each recipient; sends nothing twice under the same idempotency key.

        Raises `RefusedCallError` when it can never succeed, `PostponedCallError` or another
        `TemporaryCallError` when the same request may succeed later.
        """
        stub = MailerServiceStub(self._channel.get())
        with self._calling("SendMail", SEND_MAIL_DEADLINE_SECONDS) as options:
            return stub.SendMail(request, **options)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> ReadWebhookResponse:
        """Say what a call of the provider's webhook tells.

        Raises `DeniedCallError` when the provider did not sign it, another `RefusedCallError` when
        it is no event, or `TemporaryCallError`.
        """
        stub = MailerServiceStub(self._channel.get())
        request = ReadWebhookRequest(body=body, headers=headers)
        with self._calling("ReadWebhook", READ_WEBHOOK_DEADLINE_SECONDS) as options:
            return stub.ReadWebhook(request, **options)

    def check_setup(self) -> CheckSetupResponse:
        """What mail depends on outside of this system. Raises `CallError`."""
        stub = MailerServiceStub(self._channel.get())
        with self._calling("CheckSetup", CHECK_SETUP_DEADLINE_SECONDS) as options:
            return stub.CheckSetup(CheckSetupRequest(), **options)

    def is_serving(self) -> bool:
        return _is_serving(self._channel.get())

    def close(self) -> None:
        self._channel.close()

    def _calling(
        self, operation: str, deadline_seconds: float
    ) -> AbstractContextManager[CallOptions]:
        return calling(f"{MAILER}/{operation}", self._service_token, deadline_seconds)


class HeavyComputationClient:
    """Calls heavy_computation, whichever of its replicas.

    Besides what it says itself, each method raises a `TemporaryCallError`: `TooSlowCallError` after
    its deadline, `PostponedCallError` when too much is asked at once, `NotTriedError` while the
    service is known to be down.
    """

    def __init__(self, target: str, service_token: str) -> None:
        """`target` is as in gRPC's "Name Resolution"; see `Addresses`."""
        self._channel = LazyChannel(target, HEAVY_COMPUTATION, REPLICAS)
        self._service_token = service_token
        self._stub_of_channel: tuple[grpc.Channel, HeavyComputationServiceStub] | None = None
        self._breakers = {name: CircuitBreaker(name) for name in DEADLINE_SECONDS_OF_OPERATION}

    def search(self, request: SearchRequest) -> SearchResponse:
        """Rank posts by a query.

        Raises `RefusedCallError`, its message starting with the field's name and a colon.
        """
        with self._calling("Search") as options:
            return self._stub().Search(request, **options)

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete what is being typed. Raises `RefusedCallError` as `search` does."""
        with self._calling("Suggest") as options:
            return self._stub().Suggest(request, **options)

    def related(self, request: RelatedRequest) -> RelatedResponse:
        """Posts about the same thing. Raises `NotFoundCallError` for one it does not know."""
        with self._calling("Related") as options:
            return self._stub().Related(request, **options)

    def check_duplicate(self, request: CheckDuplicateRequest) -> CheckDuplicateResponse:
        """Near-copies of a text."""
        with self._calling("CheckDuplicate") as options:
            return self._stub().CheckDuplicate(request, **options)

    def is_serving(self) -> bool:
        return _is_serving(self._channel.get())

    def close(self) -> None:
        self._channel.close()

    def _stub(self) -> HeavyComputationServiceStub:
        """Kept, because making one costs more than a call through it."""
        channel = self._channel.get()
        kept = self._stub_of_channel
        if kept is None or kept[0] is not channel:
            kept = self._stub_of_channel = (channel, HeavyComputationServiceStub(channel))
        return kept[1]

    @contextmanager
    def _calling(self, operation: str) -> Iterator[CallOptions]:
        deadline_seconds = DEADLINE_SECONDS_OF_OPERATION[operation]
        method = f"{HEAVY_COMPUTATION}/{operation}"
        with (
            self._breakers[operation].guard(deadline_seconds) as seconds_left,
            calling(method, self._service_token, seconds_left) as options,
        ):
            yield options


def _is_serving(channel: grpc.Channel) -> bool:
    """What the service says of itself by the standard health protocol."""
    try:
        stub = health_pb2_grpc.HealthStub(channel)
        check = stub.Check  # type: ignore[attr-defined]  # its type stubs leave the methods out
        answer = check(health_pb2.HealthCheckRequest(), timeout=HEALTH_DEADLINE_SECONDS)
    except grpc.RpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
