"""Whether mail would arrive: looks at what it depends on, or sends one to see."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from service_contracts.mailer.v1 import mailer_pb2

from backend_server.commands.operation import FAILED, fail, operating, say
from backend_server.grpc_errors import CallError
from backend_server.notifications import brake
from backend_server.notifications.reputation import Verdict

if TYPE_CHECKING:
    from backend_server.services import Services

_LEVELS: Final = {
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
    findings = services.mailer.check_setup().findings
    for each in findings:
        advice = f": {each.advice}" if each.advice else ""
        say(f"{_LEVELS[each.level]:<8} {each.subject}: {each.found}{advice}")
    if any(each.level == mailer_pb2.SETUP_LEVEL_FAILURE for each in findings):
        sys.exit(FAILED)


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
