"""The rpc: take the request, deliver, answer or say what went wrong."""

import time
from collections.abc import Sequence

import grpc
import structlog
from service_contracts.mailer.v1 import mailer_pb2_grpc
from service_contracts.mailer.v1.mailer_pb2 import Outcome as OutcomeMessage
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest, SendMailResponse

from mailer.calls_in_flight import CallsInFlight
from mailer.delivery import Delivery
from mailer.field_rules import InvalidRequestError
from mailer.mail import Accepted, Outcome
from mailer.providers.port import ProviderError
from mailer.statuses import Status, status_of

log = structlog.get_logger(__name__)
INTERNAL = Status(grpc.StatusCode.INTERNAL, "the mailer failed; its log says why")


class MailerService(mailer_pb2_grpc.MailerServiceServicer):
    def __init__(self, delivery: Delivery, calls_in_flight: CallsInFlight) -> None:
        self._delivery = delivery
        self._calls_in_flight = calls_in_flight

    def SendMail(  # noqa: N802 - the name comes from mailer.proto
        self, request: SendMailRequest, context: grpc.ServicerContext
    ) -> SendMailResponse:
        request_id = dict(context.invocation_metadata()).get("x-request-id", "")
        with (
            self._calls_in_flight,
            structlog.contextvars.bound_contextvars(
                request_id=str(request_id),
                idempotency_key=request.idempotency_key,
                kind=request.WhichOneof("mail"),
            ),
        ):
            result = self._send(request)
        if isinstance(result, Status):
            context.set_trailing_metadata(result.trailing_metadata)
            context.abort(result.code, result.message)
        return result

    def _send(self, request: SendMailRequest) -> SendMailResponse | Status:
        started_at = time.monotonic()
        try:
            outcomes = self._delivery.deliver(request)
        except (InvalidRequestError, ProviderError) as error:
            status = status_of(error)
            log.warning("mail not sent", status=status.code.name, reason=status.message)
            return status
        except Exception:
            log.exception("mail not sent")
            return INTERNAL
        _log_success(outcomes, time.monotonic() - started_at)
        return SendMailResponse(outcomes=[_message(outcome) for outcome in outcomes])


def _log_success(outcomes: Sequence[Outcome], seconds: float) -> None:
    accepted = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    refused = len(outcomes) - accepted
    log.info("mail sent", accepted=accepted, refused=refused, seconds=round(seconds, 3))


def _message(outcome: Outcome) -> OutcomeMessage:
    if isinstance(outcome, Accepted):
        return OutcomeMessage(accepted_id=outcome.id)
    return OutcomeMessage(refused_reason=outcome.reason)
