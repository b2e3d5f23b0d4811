import re
from uuid import UUID, uuid4

import pytest

from backend_server.accounts import derived_tokens
from backend_server.config import Keys, Secret

KEY = Secret("k" * 32)
OTHER_KEY = Secret("o" * 32)
RESET_ID = UUID("4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f")


def test_a_reset_code_is_six_lowercase_hexadecimal_characters() -> None:
    assert re.fullmatch("[0-9a-f]{6}", derived_tokens.reset_code(KEY, RESET_ID))


def test_a_reset_code_is_the_same_each_time_and_another_with_another_key() -> None:
    code = derived_tokens.reset_code(KEY, RESET_ID)
    assert code == derived_tokens.reset_code(KEY, RESET_ID)
    assert code != derived_tokens.reset_code(OTHER_KEY, RESET_ID)


def test_reset_codes_of_ten_thousand_ids_are_spread_evenly() -> None:
    codes = [derived_tokens.reset_code(KEY, uuid4()) for _ in range(10_000)]
    assert len(codes) - len(set(codes)) <= 12
    for place in range(6):
        counts = [sum(code[place] == digit for code in codes) for digit in "0123456789abcdef"]
        chi_squared = sum((count - 625) ** 2 / 625 for count in counts)
        # One in ten thousand fair runs exceeds this with 15 degrees of freedom.
        assert chi_squared < 44.3


def test_a_code_is_right_in_upper_case_too() -> None:
    code = derived_tokens.reset_code(KEY, RESET_ID)
    assert derived_tokens.is_reset_code(Keys(KEY), RESET_ID, code.upper())
    assert not derived_tokens.is_reset_code(Keys(KEY), RESET_ID, "é" * 6)


def test_a_confirmation_token_names_its_confirmation() -> None:
    token = derived_tokens.confirmation_token(KEY, RESET_ID)
    assert re.fullmatch("[A-Za-z0-9_-]{43}", token)
    assert derived_tokens.confirmation_of(Keys(KEY), token) == RESET_ID


@pytest.mark.parametrize("token", ["", "a", "a" * 43, "=", "é" * 43, "a" * 1000])
def test_a_made_up_token_names_nothing(token: str) -> None:
    assert derived_tokens.confirmation_of(Keys(KEY), token) is None


def test_a_token_of_another_key_names_nothing() -> None:
    token = derived_tokens.confirmation_token(OTHER_KEY, RESET_ID)
    assert derived_tokens.confirmation_of(Keys(KEY), token) is None


def test_what_an_older_key_made_is_still_known_and_the_newest_makes_what_is_new() -> None:
    keys = Keys(KEY, older=(OTHER_KEY,))
    token = derived_tokens.confirmation_token(OTHER_KEY, RESET_ID)
    code = derived_tokens.reset_code(OTHER_KEY, RESET_ID)
    assert derived_tokens.confirmation_of(keys, token) == RESET_ID
    assert derived_tokens.is_reset_code(keys, RESET_ID, code)
    assert not derived_tokens.is_reset_code(Keys(KEY), RESET_ID, code)
