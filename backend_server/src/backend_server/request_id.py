"""One id follows a request through the logs, the jobs' calls and the other services."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

# What a proxy in front may have given; anything else is replaced, since the id is written to logs.
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Outside of a request or job.
NONE: Final = "-"
_current: ContextVar[str] = ContextVar("request_id", default=NONE)


def current() -> str:
    """`NONE` outside of a request or job."""
    return _current.get()


def begin(offered: str = "") -> str:
    """Start a request or job, with the offered id if that is harmless."""
    request_id = offered if _ACCEPTED.fullmatch(offered) else secrets.token_hex(8)
    _current.set(request_id)
    return request_id
