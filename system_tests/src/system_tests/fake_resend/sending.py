"""POST /emails and POST /emails/batch, without misbehaviour."""

import json
from collections.abc import Callable
from typing import Any

from system_tests.fake_resend.mail_rules import problem_with
from system_tests.fake_resend.reply import Reply, error_reply, json_reply

MOST_MAILS = 100

Mail = dict[str, Any]
# Takes a mail, returns its id.
Accept = Callable[[Mail], str]


def send_one(body: bytes, accept: Accept) -> Reply:
    mail = _parsed(body)
    problem = problem_with(mail)
    return _invalid(problem) if problem else json_reply(200, {"id": accept(mail)})


def send_batch(body: bytes, permissive: bool, accept: Accept) -> Reply:
    """Permissive: takes the good mails, names the bad ones. Otherwise all or nothing."""
    mails = _parsed(body)
    if not isinstance(mails, list) or not 1 <= len(mails) <= MOST_MAILS:
        return _invalid("The batch must be an array of 1 to 100 mails.")
    problems = {place: problem for place, mail in enumerate(mails) if (problem := _in_batch(mail))}
    if problems and not permissive:
        return _invalid(next(iter(problems.values())))
    content: dict[str, Any] = {
        "data": [{"id": accept(mail)} for place, mail in enumerate(mails) if place not in problems]
    }
    if permissive:
        content["errors"] = [
            {"index": place, "message": problem} for place, problem in problems.items()
        ]
    return json_reply(200, content)


def _in_batch(mail: Any) -> str | None:
    if isinstance(mail, dict) and mail.keys() & {"attachments", "scheduled_at"}:
        return "Attachments and scheduled mails are not for batches."
    return problem_with(mail)


def _parsed(body: bytes) -> Any:
    """None, which no rule lets through, for what is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _invalid(problem: str) -> Reply:
    return error_reply(422, "validation_error", problem)
