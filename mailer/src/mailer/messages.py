"""What the rpcs answer, in the words of mailer.proto."""

from collections.abc import Sequence

from service_contracts.mailer.v1 import mailer_pb2
from service_contracts.mailer.v1.mailer_pb2 import (
    CheckSetupResponse,
    MailEventKind,
    ReadWebhookResponse,
    SendMailResponse,
    SetupFinding,
    SetupLevel,
)
from service_contracts.mailer.v1.mailer_pb2 import MailEvent as MailEventMessage
from service_contracts.mailer.v1.mailer_pb2 import Outcome as OutcomeMessage

from mailer.events import EventKind, MailEvent, Webhook
from mailer.mail import Accepted, Outcome
from mailer.setup.findings import Finding, Level

EVENT_KINDS: dict[EventKind, MailEventKind] = {
    EventKind.DELIVERED: mailer_pb2.MAIL_EVENT_KIND_DELIVERED,
    EventKind.DELAYED: mailer_pb2.MAIL_EVENT_KIND_DELAYED,
    EventKind.BOUNCED_TEMPORARILY: mailer_pb2.MAIL_EVENT_KIND_BOUNCED_TEMPORARILY,
    EventKind.BOUNCED_PERMANENTLY: mailer_pb2.MAIL_EVENT_KIND_BOUNCED_PERMANENTLY,
    EventKind.COMPLAINED: mailer_pb2.MAIL_EVENT_KIND_COMPLAINED,
    EventKind.SUPPRESSED: mailer_pb2.MAIL_EVENT_KIND_SUPPRESSED,
    EventKind.FAILED: mailer_pb2.MAIL_EVENT_KIND_FAILED,
}
LEVELS: dict[Level, SetupLevel] = {
    Level.OK: mailer_pb2.SETUP_LEVEL_OK,
    Level.WARNING: mailer_pb2.SETUP_LEVEL_WARNING,
    Level.FAILURE: mailer_pb2.SETUP_LEVEL_FAILURE,
}


def sent(outcomes: Sequence[Outcome]) -> SendMailResponse:
    return SendMailResponse(outcomes=[_outcome(outcome) for outcome in outcomes])


def read(webhook: Webhook) -> ReadWebhookResponse:
    return ReadWebhookResponse(
        event_id=webhook.event_id, events=[_event(event) for event in webhook.events]
    )


def found(findings: Sequence[Finding]) -> CheckSetupResponse:
    return CheckSetupResponse(findings=[_finding(finding) for finding in findings])


def _outcome(outcome: Outcome) -> OutcomeMessage:
    if isinstance(outcome, Accepted):
        return OutcomeMessage(accepted_id=outcome.id)
    return OutcomeMessage(refused_reason=outcome.reason)


def _event(event: MailEvent) -> MailEventMessage:
    return MailEventMessage(
        kind=EVENT_KINDS[event.kind],
        accepted_id=event.accepted_id,
        address=event.address,
        happened_at_ms=event.happened_at_ms,
        reason=event.reason,
    )


def _finding(finding: Finding) -> SetupFinding:
    return SetupFinding(
        level=LEVELS[finding.level],
        subject=finding.subject,
        found=finding.found,
        advice=finding.advice,
    )
