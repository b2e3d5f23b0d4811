"""The rules of accounts, apart from what usernames, passwords and addresses may be."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

RESET_CODE_LIFETIME: Final = timedelta(minutes=10)
# Wrong or right; then the code is dead.
RESET_CODE_TRIES: Final = 5
CONFIRMATION_LIFETIME: Final = timedelta(hours=48)
# BCP 47. The first is what a browser gets that asks for none of them.
LANGUAGES: Final = ("en", "es")
# Of jobs; other mail has 0. Somebody waits for these.
ACCOUNT_MAIL_PRIORITY: Final = 10
