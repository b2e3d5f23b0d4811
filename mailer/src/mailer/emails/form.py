"""A letter before it is known who gets it: what differs between its readers is left open."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import escape

from mailer.emails.single_line import single_line

# Nobody who writes a post can guess one, and no template does anything with it but print it.
_MARK = secrets.token_hex(8)
SLOTS = {name: f"{_MARK}_{name}_" for name in ("username", "unsubscribe_page", "subject")}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Form:
    """As rendered with `SLOTS` for values."""

    subject: str
    text: str
    html: str

    def filled_in(self, username: str, unsubscribe_page: str) -> Letter:
        words = {"username": username, "unsubscribe_page": unsubscribe_page}
        words["subject"] = single_line(_filled(self.subject, words))
        return Letter(
            subject=words["subject"],
            text=_filled(self.text, words),
            html=_filled(self.html, {slot: escape(value) for slot, value in words.items()}),
        )


def _filled(form: str, words: Mapping[str, str]) -> str:
    for slot, value in words.items():
        form = form.replace(SLOTS[slot], value)
    return form
