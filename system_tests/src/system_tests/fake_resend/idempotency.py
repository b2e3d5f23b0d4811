"""What Resend promises about keys: https://resend.com/docs/dashboard/emails/idempotency-keys"""

import hashlib
from http import HTTPStatus

from system_tests.fake_resend.reply import Reply, error_reply

LONGEST_KEY_CHARACTERS = 256

BAD_KEY = error_reply(400, "invalid_idempotency_key", "The key must be 1 to 256 characters long.")
OTHER_BODY = error_reply(
    409, "invalid_idempotent_request", "Same idempotency key used with a different payload."
)
STILL_RUNNING = error_reply(
    409, "concurrent_idempotent_requests", "Same idempotency key used while in progress."
)


class IdempotencyKeys:
    """Not safe to share between threads: the caller holds a lock."""

    def __init__(self) -> None:
        self._running: set[str] = set()
        self._first: dict[str, tuple[bytes, Reply]] = {}

    def reply_for(self, key: str, body: bytes) -> Reply | None:
        """None when the key is new."""
        if not 1 <= len(key) <= LONGEST_KEY_CHARACTERS:
            return BAD_KEY
        if key in self._running:
            return STILL_RUNNING
        if key not in self._first:
            return None
        digest, reply = self._first[key]
        return reply if digest == _digest(body) else OTHER_BODY

    def in_progress(self) -> int:
        return len(self._running)

    def start(self, key: str) -> None:
        self._running.add(key)

    def finish(self, key: str, body: bytes, reply: Reply) -> None:
        """Keeps only what was accepted: a refused request may be mended and sent again."""
        self._running.discard(key)
        if reply.status == HTTPStatus.OK:
            self._first[key] = (_digest(body), reply)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
