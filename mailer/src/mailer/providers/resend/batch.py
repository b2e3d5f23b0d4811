"""The body of a batch call. Equal mails make equal bytes: a key may not come with other ones."""

import json
from collections.abc import Sequence
from typing import Any

from mailer.mail import Mail


def batch_body(mails: Sequence[Mail]) -> bytes:
    return json.dumps(
        [_item(mail) for mail in mails], ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def _item(mail: Mail) -> dict[str, Any]:
    return {
        "from": mail.sender,
        "to": [mail.address],
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": dict(mail.headers),
        # Comes back in Resend's events.
        "tags": [{"name": "kind", "value": mail.kind}],
    }
