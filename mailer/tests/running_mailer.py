"""A mailer to test against, over real gRPC, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from free_ports import free_port
from mail_server import MailServer
from mailer.config import read_settings
from mailer.server import MailerServer
from service_contracts.mailer.v1.mailer_pb2 import (
    CheckSetupRequest,
    CheckSetupResponse,
    ReadWebhookRequest,
    ReadWebhookResponse,
    SendMailRequest,
    SendMailResponse,
)
from service_contracts.mailer.v1.mailer_pb2_grpc import MailerServiceStub
from system_tests.fake_resend import API_KEY, FakeResend
from system_tests.fake_resend.webhooks import WEBHOOK_SECRET

SERVICE_TOKEN = "a token that only services know".replace(" ", "-")
CALL_TIMEOUT_SECONDS = 60


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
        "RESEND_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


def smtp_settings(server: MailServer, journal: Path) -> dict[str, str]:
    return base_settings() | {
        "SMTP_URL": server.url,
        "SMTP_JOURNAL": str(journal),
        "SMTP_MAILS_PER_SECOND": "1000",
    }


class Caller:
    """What the backend's worker is to the mailer."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        self._stub = MailerServiceStub(channel)

    def send(self, request: SendMailRequest) -> SendMailResponse:
        return self.send_with(request, {"authorization": f"Bearer {SERVICE_TOKEN}"})

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> ReadWebhookResponse:
        request = ReadWebhookRequest(body=body, headers=headers)
        return self._stub.ReadWebhook(request, timeout=CALL_TIMEOUT_SECONDS, metadata=_TOKEN)

    def check_setup(self) -> CheckSetupResponse:
        return self._stub.CheckSetup(
            CheckSetupRequest(), timeout=CALL_TIMEOUT_SECONDS, metadata=_TOKEN
        )

    def send_with(self, request: SendMailRequest, metadata: Mapping[str, str]) -> SendMailResponse:
        return self._stub.SendMail(
            request, timeout=CALL_TIMEOUT_SECONDS, metadata=tuple(metadata.items())
        )


_TOKEN = (("authorization", f"Bearer {SERVICE_TOKEN}"),)


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
