"""The rpcs: take the request, do it, answer or say what went wrong."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import grpc
import structlog
from service_contracts.mailer.v1 import mailer_pb2, mailer_pb2_grpc
from service_contracts.mailer.v1.mailer_pb2 import (
    CheckSetupRequest,
    CheckSetupResponse,
    ReadWebhookRequest,
    ReadWebhookResponse,
    SendMailRequest,
    SendMailResponse,
)

from mailer import messages, tracing
from mailer.calls_in_flight import CallsInFlight
from mailer.delivery import Delivery
from mailer.mail import Accepted, Outcome
from mailer.metrics import MAILS, measured
from mailer.providers.port import MailProvider
from mailer.setup.check import SetupCheck
from mailer.statuses import FAILURES, Status, status_of

log = structlog.get_logger(__name__)
INTERNAL = Status(grpc.StatusCode.INTERNAL, "the mailer failed; its log says why")

SERVICE_NAME = mailer_pb2.DESCRIPTOR.services_by_name["MailerService"].full_name

Response = TypeVar("Response")


# The rpcs' names come from mailer.proto.
class MailerService(mailer_pb2_grpc.MailerServiceServicer):
    def __init__(
        self,
        delivery: Delivery,
        provider: MailProvider,
        setup_check: SetupCheck,
        calls_in_flight: CallsInFlight,
    ) -> None:
        self._delivery = delivery
        self._provider = provider
        self._setup_check = setup_check
        self._calls_in_flight = calls_in_flight

    def SendMail(  # noqa: N802 - the contract's name
        self, request: SendMailRequest, context: grpc.ServicerContext
    ) -> SendMailResponse:
        def send() -> SendMailResponse:
            started_at = time.monotonic()
            outcomes = self._delivery.deliver(request)
            _log_sent(outcomes, time.monotonic() - started_at)
            return messages.sent(outcomes)

        about = {"idempotency_key": request.idempotency_key, "kind": request.WhichOneof("mail")}
        return self._answer(context, "SendMail", "mail not sent", about, send)

    def ReadWebhook(  # noqa: N802 - the contract's name
        self, request: ReadWebhookRequest, context: grpc.ServicerContext
    ) -> ReadWebhookResponse:
        def read() -> ReadWebhookResponse:
            webhook = self._provider.read_webhook(request.body, request.headers)
            log.info("webhook read", event_id=webhook.event_id, events=len(webhook.events))
            return messages.read(webhook)

        return self._answer(context, "ReadWebhook", "webhook refused", {}, read)

    def CheckSetup(  # noqa: N802 - the contract's name
        self,
        request: CheckSetupRequest,  # noqa: ARG002 - it asks for nothing in particular
        context: grpc.ServicerContext,
    ) -> CheckSetupResponse:
        def check() -> CheckSetupResponse:
            return messages.found(self._setup_check.findings())

        return self._answer(context, "CheckSetup", "setup not checked", {}, check)

    def _answer(
        self,
        context: grpc.ServicerContext,
        method: str,
        complaint: str,
        about: dict[str, str | None],
        work: Callable[[], Response],
    ) -> Response:
        metadata = {key: str(value) for key, value in context.invocation_metadata()}
        request_id = metadata.get("x-request-id", "")
        with (
            self._calls_in_flight,
            structlog.contextvars.bound_contextvars(request_id=request_id, **about),
            tracing.span(f"{SERVICE_NAME}/{method}", metadata),
            measured(method) as measure,
        ):
            result = _attempt(complaint, work)
            if isinstance(result, Status):
                measure.code = result.code
        if isinstance(result, Status):
            context.set_trailing_metadata(result.trailing_metadata)
            context.abort(result.code, result.message)
        return result


def _attempt(complaint: str, work: Callable[[], Response]) -> Response | Status:
    try:
        return work()
    except FAILURES as error:
        status = status_of(error)
        log.warning(complaint, status=status.code.name, reason=status.message)
        return status
    except Exception:
        log.exception(complaint)
        return INTERNAL


def _log_sent(outcomes: Sequence[Outcome], seconds: float) -> None:
    accepted = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    refused = len(outcomes) - accepted
    MAILS.labels("accepted").inc(accepted)
    MAILS.labels("refused").inc(refused)
    log.info("mail sent", accepted=accepted, refused=refused, seconds=round(seconds, 3))
