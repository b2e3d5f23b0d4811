"""Reset codes cannot be told from random ones. Bar S3."""

from __future__ import annotations

import random
import re
from collections import Counter
from uuid import UUID

from backend_settings import settings_for

from backend_server.accounts.derived_tokens import reset_code

CODES = 10_000
# Of χ² with 15 degrees of freedom, p = 0.001.
MOST_DEVIATION = 37.70
# 10,000 of 16,777,216 codes: 3.0 pairs are expected, and more than 12 once in 30,000 times.
MOST_DUPLICATES = 12


def codes() -> list[str]:
    """Of random ids that are the same in every run."""
    source = random.Random(20_26)
    key = settings_for().reset_code_key.newest
    return [reset_code(key, UUID(int=source.getrandbits(128))) for _ in range(CODES)]


def test_a_code_is_six_lowercase_hexadecimal_characters() -> None:
    assert all(re.fullmatch(r"[0-9a-f]{6}", code) for code in codes())


def test_each_place_holds_each_character_equally_often() -> None:
    expected = CODES / 16
    for place in range(6):
        counts = Counter(code[place] for code in codes())
        deviation = sum((counts[each] - expected) ** 2 / expected for each in "0123456789abcdef")
        assert deviation < MOST_DEVIATION, place


def test_no_more_codes_are_alike_than_by_chance() -> None:
    assert CODES - len(set(codes())) <= MOST_DUPLICATES
