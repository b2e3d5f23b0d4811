"""What a session is and how long it lasts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

IDLE_LIFETIME: Final = timedelta(days=7)
ABSOLUTE_LIFETIME: Final = timedelta(days=30)
# A session used more often lives on from the first of these uses.
USE_NOTED_EVERY: Final = timedelta(minutes=1)
# Per account; beyond it the oldest ends.
MOST_SESSIONS: Final = 20
SESSION_ID_BYTES: Final = 32
# Enough to tell one's browsers apart; what a browser sends has no bound of its own.
MOST_USER_AGENT_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    user_id: UUID
    # Unix time, in seconds: the absolute end, whatever happens in between.
    expires_at: int


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """A session, as its member sees it in a list."""

    # Names the session without being worth anything: the session's own id is a credential.
    id: str
    user_agent: str
    started_at: datetime
    last_seen_at: datetime


def public_id(session_id: str) -> str:
    """128 bits of a hash of 256 random bits: one way, and no two alike."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:32]
