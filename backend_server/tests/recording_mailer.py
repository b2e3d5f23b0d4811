"""Speaks the mailer's contract over real gRPC, and keeps what it is asked to send."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
from service_contracts.mailer.v1 import mailer_pb2, mailer_pb2_grpc


class RecordingMailer(mailer_pb2_grpc.MailerServiceServicer):
    def __init__(self) -> None:
        self.address = ""
        self.requests: list[mailer_pb2.SendMailRequest] = []
        # What the next calls fail with, in this order.
        self.failures: list[grpc.StatusCode] = []
        # Goes along with those failures.
        self.trailing_metadata: tuple[tuple[str, str], ...] = ()
        # Of the last call.
        self.metadata: dict[str, str | bytes] = {}
        self.refused_addresses: set[str] = set()
        # Kinds of mail whose calls do not return until the test lets them.
        self.held_kinds: set[str] = set()
        self._released = threading.Event()

    def SendMail(  # noqa: N802 (the contract's name)
        self, request: mailer_pb2.SendMailRequest, context: grpc.ServicerContext
    ) -> mailer_pb2.SendMailResponse:
        self.metadata = dict(context.invocation_metadata())
        if self.failures:
            context.set_trailing_metadata(self.trailing_metadata)
            context.abort(self.failures.pop(0), "as the test asks")
        self.requests.append(request)
        if request.WhichOneof("mail") in self.held_kinds:
            self._released.wait()
        return mailer_pb2.SendMailResponse(
            outcomes=[self._outcome(each.address) for each in request.recipients]
        )

    def release(self) -> None:
        self.held_kinds.clear()
        self._released.set()

    def _outcome(self, address: str) -> mailer_pb2.Outcome:
        if address in self.refused_addresses:
            return mailer_pb2.Outcome(refused_reason="as the test asks")
        return mailer_pb2.Outcome(accepted_id=address)

    def sent(self, kind: str) -> list[mailer_pb2.SendMailRequest]:
        """`kind` is the name of the field in the request's `mail`."""
        return [each for each in self.requests if each.WhichOneof("mail") == kind]


@contextmanager
def running_recording_mailer() -> Iterator[RecordingMailer]:
    mailer = RecordingMailer()
    server = grpc.server(ThreadPoolExecutor(8))
    mailer_pb2_grpc.add_MailerServiceServicer_to_server(mailer, server)
    mailer.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield mailer
    mailer.release()
    server.stop(None).wait()
