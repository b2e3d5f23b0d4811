"""The rules of accounts, apart from what usernames, passwords and addresses may be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from backend_server.limits import DAY, HOUR, MINUTE, Window

# In Unicode code points.
LONGEST_BIO: Final = 300
RESET_CODE_LIFETIME: Final = timedelta(minutes=10)
# Wrong or right; then the code is dead.
RESET_CODE_TRIES: Final = 5
CONFIRMATION_LIFETIME: Final = timedelta(hours=48)
# To one member: reset codes, and again confirmations that they ask for.
MAILS_OF_ONE_KIND: Final = (Window(1, MINUTE), Window(3, HOUR), Window(5, DAY))
# Wrong guesses at one member's codes, however many are issued.
RESET_GUESSES_OF_AN_ACCOUNT: Final = Window(15, DAY)
# How many times the guesses that shut resets in an hour shut them in a day.
RESET_HOURS_IN_A_DAY: Final = 5
# BCP 47 tags of the languages that mails are written in.
LANGUAGES: Final = ("en", "es")
# Of jobs; other mail has 0. Somebody waits for these.
ACCOUNT_MAIL_PRIORITY: Final = 10


def language_of(accepted: Iterable[str]) -> str:
    """The first that mails are written in of those a browser accepts, best first; else English."""
    primary = (tag.partition("-")[0].lower() for tag in accepted)
    return next((tag for tag in primary if tag in LANGUAGES), LANGUAGES[0])
