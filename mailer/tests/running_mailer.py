"""A mailer to test against, over real gRPC, in this process or in one of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from mailer.config import read_settings
from mailer.server import MailerServer
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest, SendMailResponse
from service_contracts.mailer.v1.mailer_pb2_grpc import MailerServiceStub
from system_tests.fake_resend import API_KEY, FakeResend

SERVICE_TOKEN = "a token that only services know".replace(" ", "-")
CALL_TIMEOUT_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def base_settings() -> dict[str, str]:
    return {
        "MAILER_BIND": "127.0.0.1:0",
        "SERVICE_TOKEN": SERVICE_TOKEN,
        "PUBLIC_URL": "https://decoupled.dev",
        "MAIL_FROM": "Decoupled <posts@decoupled.dev>",
        "MAIL_FROM_ACCOUNTS": "Decoupled <accounts@decoupled.dev>",
    }


def outbox_settings(folder: Path) -> dict[str, str]:
    inbox = {"OUTBOX_FOLDER": str(folder), "INBOX_BIND": f"127.0.0.1:{free_port()}"}
    return base_settings() | inbox


def resend_settings(fake: FakeResend, calls_per_second: int = 1_000) -> dict[str, str]:
    return base_settings() | {
        "RESEND_API_KEY": API_KEY,
        "RESEND_API_URL": fake.url,
        "RESEND_CALLS_PER_SECOND": str(calls_per_second),
    }


class Caller:
    """What the backend's worker is to the mailer."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        self._stub = MailerServiceStub(channel)

    def send(self, request: SendMailRequest) -> SendMailResponse:
        return self.send_with(request, {"authorization": f"Bearer {SERVICE_TOKEN}"})

    def send_with(self, request: SendMailRequest, metadata: Mapping[str, str]) -> SendMailResponse:
        return self._stub.SendMail(
            request, timeout=CALL_TIMEOUT_SECONDS, metadata=tuple(metadata.items())
        )


@contextmanager
def calling(port: int) -> Iterator[Caller]:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Caller(channel)


@contextmanager
def running_mailer(variables: Mapping[str, str]) -> Iterator[Caller]:
    server = MailerServer(read_settings(variables))
    server.start()
    try:
        with calling(server.port) as caller:
            yield caller
    finally:
        server.stop()


@contextmanager
def mailer_process(variables: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mailer"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)} | dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
