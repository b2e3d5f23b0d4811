import sys
import unicodedata

import pytest

from backend_server.accounts import passwords
from backend_server.accounts.passwords import PasswordHasher


@pytest.mark.parametrize(
    "password", ["12345678", "p" * 128, "🦉" * 8, "pass\u200bword", "'\";--/*'"]
)
def test_eight_to_128_characters_make_a_password(password: str) -> None:
    assert passwords.problem_with(password) is None


@pytest.mark.parametrize("password", ["", "1234567", "p" * 129, "🦉" * 7])
def test_too_short_or_too_long_is_refused(password: str) -> None:
    assert passwords.problem_with(password)


@pytest.mark.parametrize("space", sorted(passwords.WHITE_SPACE))
def test_white_space_is_refused(space: str) -> None:
    assert passwords.problem_with(f"1234{space}5678")


def test_every_separator_of_unicode_counts_as_white_space() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    separators = {each for each in every if unicodedata.category(each) in ("Zs", "Zl", "Zp")}
    assert separators <= passwords.WHITE_SPACE


def test_a_hash_is_argon2id_with_at_least_the_recommended_cost() -> None:
    hasher = PasswordHasher(most_at_once=1)
    assert hasher.hash("12345678").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_right_password_verifies() -> None:
    hasher = PasswordHasher(most_at_once=1)
    password_hash = hasher.hash("12345678")
    assert hasher.verify(password_hash, "12345678")
    assert not hasher.verify(password_hash, "12345679")
    assert not hasher.verify(None, "nobody's password")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    hasher = PasswordHasher(most_at_once=1)
    assert not hasher.is_outdated(hasher.hash("12345678"))
    assert hasher.is_outdated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA")
