"""Everything the fake took, and every call it got."""

import hashlib
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class AcceptedMail:
    id: str
    recipient: str
    key: str
    subject: str
    headers: dict[str, str]
    # Above 1 when somebody got the same mail twice.
    count: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    # Seconds on a clock that never jumps.
    at: float
    key: str
    body_sha256: str
    status: int


class Ledger:
    """Not safe to share between threads: the caller holds a lock."""

    def __init__(self) -> None:
        self.mails: dict[tuple[str, str], AcceptedMail] = {}
        self.of_recipient: dict[str, list[AcceptedMail]] = defaultdict(list)
        self.calls: list[Call] = []

    def accept(self, key: str, mail: dict[str, Any]) -> str:
        """The id of the mail; each recipient of it is a row of its own."""
        mail_id = str(uuid.uuid4())
        recipients = [mail["to"]] if isinstance(mail["to"], str) else mail["to"]
        for recipient in recipients:
            if (recipient, key) not in self.mails:
                row = AcceptedMail(
                    mail_id, recipient, key, mail["subject"], mail.get("headers", {})
                )
                self.mails[recipient, key] = row
                self.of_recipient[recipient].append(row)
            self.mails[recipient, key].count += 1
        return mail_id

    def count_call(self, key: str, body: bytes, status: int) -> None:
        self.calls.append(Call(time.monotonic(), key, hashlib.sha256(body).hexdigest(), status))
