import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from recording_mailer import RecordingMailer
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import SearchRequest
from service_contracts.mailer.v1.mailer_pb2 import Recipient, SendMailRequest

from backend_server import request_id
from backend_server.grpc_channels import LazyChannel
from backend_server.grpc_clients import HeavyComputationClient, MailerClient
from backend_server.grpc_errors import (
    DEFAULT_RETRY_AFTER_SECONDS,
    OPERATOR_RETRY_AFTER_SECONDS,
    NotSetUpError,
    PostponedCallError,
    RefusedCallError,
    TemporaryCallError,
    TooSlowCallError,
)

REQUEST = SendMailRequest(idempotency_key="key", recipients=[Recipient(address="a@decoupled.dev")])


@pytest.fixture
def client(mailer: RecordingMailer) -> Iterator[MailerClient]:
    client = MailerClient(mailer.address, "the-token")
    yield client
    client.close()


def test_a_call_carries_the_token_and_the_id_of_its_request(
    client: MailerClient, mailer: RecordingMailer
) -> None:
    request_id.begin("request-0001")
    client.send_mail(REQUEST)
    assert mailer.metadata["authorization"] == "Bearer the-token"
    assert mailer.metadata["x-request-id"] == "request-0001"


def test_a_service_that_is_away_for_a_moment_is_asked_again(
    client: MailerClient, mailer: RecordingMailer
) -> None:
    mailer.failures.append(grpc.StatusCode.UNAVAILABLE)
    assert client.send_mail(REQUEST).outcomes[0].accepted_id == "a@decoupled.dev"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, RefusedCallError),
        (grpc.StatusCode.INTERNAL, TemporaryCallError),
        (grpc.StatusCode.DEADLINE_EXCEEDED, TooSlowCallError),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, PostponedCallError),
        (grpc.StatusCode.FAILED_PRECONDITION, NotSetUpError),
        (grpc.StatusCode.UNAUTHENTICATED, PostponedCallError),
    ],
)
def test_other_failures_are_reported_at_once_as_what_they_mean(
    client: MailerClient,
    mailer: RecordingMailer,
    status: grpc.StatusCode,
    error: type[Exception],
) -> None:
    mailer.failures.append(status)
    with pytest.raises(error) as caught:
        client.send_mail(REQUEST)
    assert type(caught.value) is error
    assert mailer.requests == []


@pytest.mark.parametrize(
    ("status", "metadata", "seconds"),
    [
        (grpc.StatusCode.RESOURCE_EXHAUSTED, (("retry-after-seconds", "7"),), 7),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            (("retry-after-seconds", "soon"),),
            DEFAULT_RETRY_AFTER_SECONDS,
        ),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, (), DEFAULT_RETRY_AFTER_SECONDS),
        (grpc.StatusCode.UNAUTHENTICATED, (), OPERATOR_RETRY_AFTER_SECONDS),
    ],
)
def test_a_postponed_call_says_for_how_long(
    client: MailerClient,
    mailer: RecordingMailer,
    status: grpc.StatusCode,
    metadata: tuple[tuple[str, str], ...],
    seconds: float,
) -> None:
    mailer.failures.append(status)
    mailer.trailing_metadata = metadata
    with pytest.raises(PostponedCallError) as caught:
        client.send_mail(REQUEST)
    assert caught.value.retry_after_seconds == seconds


def test_a_service_that_never_answers_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = HeavyComputationClient(f"127.0.0.1:{silent.getsockname()[1]}", "the-token")
        with pytest.raises(TemporaryCallError):
            client.search(SearchRequest(query="owl", limit=1))
        client.close()


@pytest.fixture
def channel() -> Iterator[LazyChannel]:
    channel = LazyChannel("127.0.0.1:1", "any.v1.Service")
    yield channel
    channel.close()


def test_each_process_opens_a_channel_of_its_own(
    channel: LazyChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parent = channel.get()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    in_child = channel.get()
    assert in_child is not in_parent
    assert channel.get() is in_child
    in_parent.close()


def test_threads_share_one_channel(channel: LazyChannel) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len({pool.submit(channel.get).result() for _ in range(8)}) == 1
