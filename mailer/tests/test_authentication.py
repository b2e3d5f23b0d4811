from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from mailer.outbox_folder import OutboxFolder
from mailer_requests import reset_code
from running_mailer import SERVICE_TOKEN, Caller, outbox_settings, running_mailer


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"authorization": ""},
        {"authorization": SERVICE_TOKEN},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Bearer {SERVICE_TOKEN}x"},
        {"x-authorization": f"Bearer {SERVICE_TOKEN}"},
    ],
)
def test_a_call_without_the_service_token_is_refused(
    outbox_mailer: Caller, outbox: OutboxFolder, metadata: dict[str, str]
) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        outbox_mailer.send_with(reset_code(), metadata)

    assert refusal.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert outbox.newest(1) == []


def test_the_token_before_the_newest_still_lets_callers_in(tmp_path: Path) -> None:
    tokens = {"SERVICE_TOKEN": f"newer-token\n{SERVICE_TOKEN}"}
    with running_mailer(outbox_settings(tmp_path) | tokens) as caller:
        for token in ("newer-token", SERVICE_TOKEN):
            caller.send_with(reset_code(), {"authorization": f"Bearer {token}"})
        with pytest.raises(grpc.RpcError):
            caller.send_with(reset_code(), {"authorization": "Bearer newer-token "})


@pytest.mark.parametrize("service", ["", "mailer.v1.MailerService"])
def test_health_needs_no_token(outbox_mailer: Caller, service: str) -> None:
    check = HealthStub(outbox_mailer.channel).Check  # type: ignore[attr-defined]  # missing in its stubs

    answer = check(HealthCheckRequest(service=service), timeout=5)

    assert answer.status == HealthCheckResponse.SERVING


def test_an_unknown_method_is_unimplemented_with_the_token_only(outbox_mailer: Caller) -> None:
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = outbox_mailer.channel.unary_unary(
        "/mailer.v1.MailerService/Nothing"
    )

    for token, code in [
        ("wrong", grpc.StatusCode.UNAUTHENTICATED),
        (SERVICE_TOKEN, grpc.StatusCode.UNIMPLEMENTED),
    ]:
        with pytest.raises(grpc.RpcError) as refusal:
            call(b"", timeout=5, metadata=(("authorization", f"Bearer {token}"),))
        assert refusal.value.code() is code
