"""Whether mail would arrive: looks at what it depends on, or sends one to see."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal
from uuid import uuid4

from service_contracts.mailer.v1 import mailer_pb2

from backend_server.commands.operation import FAILED, fail, operating, say
from backend_server.grpc_errors import CallError
from backend_server.notifications import brake, doctor
from backend_server.notifications.doctor import Finding
from backend_server.notifications.reputation import Verdict
from backend_server.notifications.warm_up import WarmUp

if TYPE_CHECKING:
    from backend_server.services import Services

_LEVELS: Final[Mapping[int, Literal["ok", "warning", "failure"]]] = {
    mailer_pb2.SETUP_LEVEL_OK: "ok",
    mailer_pb2.SETUP_LEVEL_WARNING: "warning",
    mailer_pb2.SETUP_LEVEL_FAILURE: "failure",
}

_VERDICTS: Final = {
    Verdict.FINE: "Notifications go out.",
    Verdict.WARN: "Notifications go out, but complaints rise.",
    Verdict.SLOW: "Notifications are slowed down to a chunk a minute: too many readers complain.",
    Verdict.STOP: "Notifications are stopped. Once you have seen to it: mail resume.",
}


def run(arguments: argparse.Namespace) -> None:
    with operating() as services:
        try:
            match arguments.action:
                case "doctor":
                    _examine(services)
                case "test":
                    _send_trial(services, arguments.address)
                case "reputation":
                    _show_reputation(services)
                case "resume":
                    brake.start_anew(services.database)
                    say("Complaints and bounces are counted anew from now on.")
        except CallError as error:
            fail(f"The mailer did not do it: {error.message}")


def _examine(services: Services) -> None:
    """Sends nothing."""
    findings = [*_findings_of_mailer(services), *_findings_of_ours(services)]
    for level, subject, found, advice in findings:
        say(f"{level:<8} {subject}: {found}{f': {advice}' if advice else ''}")
    if any(finding.level == "failure" for finding in findings):
        sys.exit(FAILED)


def _findings_of_mailer(services: Services) -> list[Finding]:
    return [
        Finding(_LEVELS[each.level], each.subject, each.found, each.advice)
        for each in services.mailer.check_setup().findings
    ]


def _findings_of_ours(services: Services) -> list[Finding]:
    with services.database.reading() as connection:
        return list(doctor.examine(connection, WarmUp.of(services.settings)))


def _show_reputation(services: Services) -> None:
    """Ends with 1 while notifications are held back."""
    with services.database.reading() as connection:
        judged = brake.current_reputation(connection)
    say(f"In {brake.COUNTED_DAYS} days: {judged}.")
    say(_VERDICTS[judged.verdict])
    if judged.verdict >= Verdict.SLOW:
        sys.exit(FAILED)


def _send_trial(services: Services, address: str) -> None:
    request = mailer_pb2.SendMailRequest(
        idempotency_key=f"trial/{uuid4()}",
        recipients=[mailer_pb2.Recipient(address=address, username=address, language="en")],
        trial=mailer_pb2.TrialMail(sent_at=int(time.time())),
    )
    (outcome,) = services.mailer.send_mail(request).outcomes
    if outcome.refused_reason:
        fail(f"{address} was refused: {outcome.refused_reason}")
    say(f"The mail to {address} was accepted as {outcome.accepted_id}.")
