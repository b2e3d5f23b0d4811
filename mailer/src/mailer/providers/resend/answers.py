"""What Resend's answers mean: https://resend.com/docs/api-reference/errors"""

import json
from typing import Any

from mailer.mail import Accepted, Outcome, Refused
from mailer.providers.port import ProviderError, Trouble
from mailer.providers.resend.api import Answer
from mailer.providers.resend.rate import retry_after_seconds
from mailer.providers.turns import PARKED_SECONDS

# When a 429 does not say itself.
RATE_LIMIT_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 15 * 60.0
QUOTA_ERRORS = frozenset({"daily_quota_exceeded", "monthly_quota_exceeded"})


class AlreadyAcceptedError(Exception):
    """This key was accepted with another body: the mails went out on an earlier try."""


def outcomes(answer: Answer, count: int) -> list[Outcome]:
    """One for each of `count` mails, in order. Raises ProviderError or AlreadyAcceptedError."""
    content = _content(answer)
    if answer.status == 429:
        raise _limited(answer, content)
    if content is None or answer.status >= 500:
        raise ProviderError(Trouble.UNAVAILABLE, f"Resend answered {answer.status}")
    if answer.status >= 300:
        raise _refusal(answer.status, str(content.get("name", "")), str(content.get("message", "")))
    return _batch_outcomes(content, count)


def _content(answer: Answer) -> dict[str, Any] | None:
    """None for what is not Resend's JSON, such as the HTML of something in between."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _limited(answer: Answer, content: dict[str, Any] | None) -> ProviderError:
    name = str((content or {}).get("name", ""))
    if name in QUOTA_ERRORS:
        return ProviderError(Trouble.QUOTA_USED_UP, name, PARKED_SECONDS)
    asked = retry_after_seconds(answer.headers)
    seconds = RATE_LIMIT_RETRY_SECONDS if asked is None else min(asked, LONGEST_RETRY_SECONDS)
    return ProviderError(Trouble.LIMITED, name or "rate limit", seconds)


def _refusal(status: int, name: str, message: str) -> Exception:
    reason = f"Resend answered {status} {name}: {message}"
    match status, name:
        case 409, "invalid_idempotent_request":
            return AlreadyAcceptedError(reason)
        case ((400 | 413 | 422), _):
            return ProviderError(Trouble.INVALID_MAIL, reason)
        case ((408 | 409 | 425), _):
            return ProviderError(Trouble.UNAVAILABLE, reason)
        case _:
            # A wrong key, an unverified domain, a suspended account, a wrong RESEND_API_URL.
            return ProviderError(Trouble.DEPLOYMENT_REFUSED, reason)


def _batch_outcomes(content: dict[str, Any], count: int) -> list[Outcome]:
    """`data` holds the accepted mails only; `errors` names the others by index."""
    try:
        ids = iter([str(item["id"]) for item in content["data"]])
        refusals = {error["index"]: str(error["message"]) for error in content.get("errors") or ()}
        return [
            Refused(refusals[place]) if place in refusals else Accepted(next(ids))
            for place in range(count)
        ]
    except (KeyError, TypeError, StopIteration) as error:
        raise ProviderError(Trouble.UNAVAILABLE, "Resend's answer cannot be read") from error
