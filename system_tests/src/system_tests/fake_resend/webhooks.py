"""The webhook's calls as Resend makes them: bodies by its OpenAPI document, Svix's signatures."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

# Of Svix's documentation.
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def event(
    kind: str,
    email_id: str,
    to: str = "wren@decoupled.dev",
    at: str = "2026-11-23T08:12:30.500Z",
    **data: Any,
) -> bytes:
    """`kind` is such as `email.delivered`; `data` is what this kind has besides."""
    content = {
        "type": kind,
        "created_at": at,
        "data": {
            "email_id": email_id,
            "created_at": "2026-11-23T08:12:00.000Z",
            "from": "Decoupled <posts@decoupled.dev>",
            "to": [to],
            "subject": "A post",
            **data,
        },
    }
    return json.dumps(content).encode()


def bounce(kind: str, email_id: str, **fields: str) -> bytes:
    """`kind` is Permanent, Transient or Undetermined."""
    details = {
        "type": kind,
        "subType": "General",
        "message": "The mailbox is gone.",
        "diagnosticCode": ["smtp; 550"],
    }
    return event("email.bounced", email_id, **fields, bounce=details)


def signed(body: bytes, event_id: str = "msg_1", at: float | None = None) -> dict[str, str]:
    """The headers of the call; `at` is Unix time, in seconds, now by default."""
    timestamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
    content = f"{event_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "svix-id": event_id,
        "svix-timestamp": timestamp,
        # While a secret is being changed there are two signatures.
        "svix-signature": f"v1,c29tZW9uZSBlbHNl v1,{signature}",
    }
