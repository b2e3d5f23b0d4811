"""Which posts the mails of an outbox are about."""

import email
import email.policy
import re
from collections import Counter
from pathlib import Path

_TITLE = re.compile(r"rolling [0-9a-f]{16}")
_KIND = "new_post"


def posts_mailed(outbox: Path) -> Counter[str]:
    """Title of each post → how many mails tell of it."""
    titles: Counter[str] = Counter()
    for file in outbox.glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        if mail["X-Mail-Kind"] == _KIND and body is not None:
            titles.update(set(_TITLE.findall(body.get_content())))
    return titles
