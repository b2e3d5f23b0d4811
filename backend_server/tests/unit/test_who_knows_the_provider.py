"""Only the mailer knows who sends our mail; here it shows in the path that the provider calls."""

from __future__ import annotations

import re
from pathlib import Path

import backend_server

SOURCES = Path(backend_server.__file__).parent
# The route, and the word of its path that no member may be called.
KNOWING = {"notifications/http/webhooks.py", "accounts/usernames.py"}
NAMES = re.compile(r"resend|smtp|mailgun|sendgrid|amazonses", re.IGNORECASE)


def test_no_module_but_the_route_of_the_webhook_names_a_mail_provider() -> None:
    naming = {
        str(file.relative_to(SOURCES))
        for file in SOURCES.rglob("*.py")
        if NAMES.search(file.read_text(encoding="utf-8"))
    }

    assert naming == KNOWING
