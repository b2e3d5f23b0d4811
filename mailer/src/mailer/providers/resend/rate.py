"""How many calls Resend lets through: https://resend.com/docs/api-reference/rate-limit"""

from collections.abc import Mapping

# Until Resend has said more. It counts for the whole team, with all its keys and programs.
FIRST_CALLS_PER_SECOND = 2.0
# More than Resend gives anybody unasked: a number above it is not meant a second.
MOST_CALLS_PER_SECOND = 20.0


def calls_per_second(headers: Mapping[str, str], ceiling: float | None) -> float | None:
    """By an answer's headers, at most the operator's `ceiling`. None when they do not say."""
    limit, reset = _number(headers, "ratelimit-limit"), _number(headers, "ratelimit-reset")
    # The window is one second; a limit for a longer one tells nothing about a second.
    if not limit or reset is None or reset > 1:
        return None
    return min(limit, MOST_CALLS_PER_SECOND if ceiling is None else ceiling)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """What a 429 asks for."""
    asked = _number(headers, "retry-after")
    return _number(headers, "ratelimit-reset") if asked is None else asked


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
