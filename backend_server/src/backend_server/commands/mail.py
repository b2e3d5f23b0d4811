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

if TYPE_CHECKING:
    from backend_server.services import Services

_LEVELS: Final = {
    mailer_pb2.SETUP_LEVEL_OK: "ok",
    mailer_pb2.SETUP_LEVEL_WARNING: "warning",
    mailer_pb2.SETUP_LEVEL_FAILURE: "failure",
}


def run(arguments: argparse.Namespace) -> None:
    with operating() as services:
        try:
            if arguments.action == "doctor":
                _examine(services)
            else:
                _send_trial(services, arguments.address)
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
