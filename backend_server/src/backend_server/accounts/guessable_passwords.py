"""Passwords that whoever guesses tries first: the most common ones, and what is known of a member.

The list's origin and licence are beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).parent / "common_passwords" / "passwords.txt"
PRODUCT: Final = "decoupled"


def problem_with(password: str, known_words: Iterable[str]) -> str | None:
    """What is wrong with it, or None. Case does not count.

    Args:
        known_words: the member's username and email address.
    """
    guess = password.casefold()
    if guess in _common_passwords() or guess == PRODUCT:
        return "This is one of the most common passwords."
    words = {word.casefold() for word in known_words}
    if guess in words | {word.partition("@")[0] for word in words}:
        return "A password cannot be one's username or email address."
    return None


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(LIST.read_text(encoding="utf-8").casefold().split())
