"""The mailer by itself, with an outbox."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
from local_stack.ports import LOOPBACK, free_port, is_listening
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest
from service_contracts.mailer.v1.mailer_pb2_grpc import MailerServiceStub

from system_tests.mail_pictures.samples import PUBLIC_URL
from system_tests.waiting import wait_until

SERVICE_TOKEN = "only-for-pictures"
CALL_SECONDS = 60.0
# Of a machine that is busy with other things.
START_SECONDS = 300.0


@dataclass(frozen=True)
class MailerAlone:
    inbox_url: str
    _stub: MailerServiceStub

    def send(self, request: SendMailRequest) -> str:
        """Returns the id of the mail in the outbox."""
        metadata = (("authorization", f"Bearer {SERVICE_TOKEN}"),)
        answer = self._stub.SendMail(request, timeout=CALL_SECONDS, metadata=metadata)
        return str(answer.outcomes[0].accepted_id)

    def letter(self, request: SendMailRequest) -> str:
        """Sends it. Returns its HTML."""
        address = f"{self.inbox_url}/mails/{self.send(request)}/html"
        return httpx.get(address).raise_for_status().text


@contextmanager
def running_mailer(folder: Path) -> Iterator[MailerAlone]:
    """Keeps its mails in `folder`."""
    port, inbox_port = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "mailer"], env=_variables(folder, port, inbox_port)
    )
    try:
        wait_until(lambda: is_listening(LOOPBACK, inbox_port), "the mailer listens", START_SECONDS)
        with grpc.insecure_channel(f"{LOOPBACK}:{port}") as channel:
            yield MailerAlone(f"http://{LOOPBACK}:{inbox_port}", MailerServiceStub(channel))
    finally:
        process.terminate()
        process.wait()


def _variables(folder: Path, port: int, inbox_port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "MAILER_BIND": f"{LOOPBACK}:{port}",
        "INBOX_BIND": f"{LOOPBACK}:{inbox_port}",
        "OUTBOX_FOLDER": str(folder),
        "SERVICE_TOKEN": SERVICE_TOKEN,
        "PUBLIC_URL": PUBLIC_URL,
        "MAIL_FROM": "Decoupled <posts@decoupled.dev>",
        "MAIL_FROM_ACCOUNTS": "Decoupled <accounts@decoupled.dev>",
        "LOG_LEVEL": "warning",
    }
