import os
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from types import NoneType

import pytest

from backend_server.accounts import guessable_passwords, passwords
from backend_server.accounts.passwords import PasswordHasher
from backend_server.errors import Busy


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
    hasher = PasswordHasher(most_at_once=1, most_waiting=1)
    assert hasher.hash("12345678").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_right_password_verifies() -> None:
    hasher = PasswordHasher(most_at_once=1, most_waiting=1)
    password_hash = hasher.hash("12345678")
    with hasher.turn():
        assert hasher.verify_in_turn(password_hash, "12345678")
        assert not hasher.verify_in_turn(password_hash, "12345679")
        assert not hasher.verify_in_turn(None, "nobody's password")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    hasher = PasswordHasher(most_at_once=1, most_waiting=1)
    assert not hasher.is_outdated(hasher.hash("12345678"))
    assert hasher.is_outdated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA")


def test_who_finds_the_queue_full_is_sent_away_at_once() -> None:
    hasher = PasswordHasher(most_at_once=1, most_waiting=2)
    with ThreadPoolExecutor(12) as pool:
        tries = [pool.submit(hasher.hash, "12345678") for _ in range(12)]
        errors = [each.exception() for each in tries]
    assert {type(error) for error in errors} <= {NoneType, Busy}
    assert errors.count(None) >= 3
    assert any(isinstance(error, Busy) for error in errors)
    assert hasher.hash("12345678")


def test_the_list_of_common_passwords_has_three_thousand_that_fit_the_rules() -> None:
    listed = guessable_passwords.LIST.read_text().splitlines()
    assert len(set(listed)) == len(listed) == 3000
    assert [each for each in listed if passwords.problem_with(each)] == []


@pytest.mark.parametrize(
    "guess",
    ["password", "PassWord", "decoupled", "el_atla_1", "EL_ATLA_1", "a@b.example", "a-name"],
)
def test_what_is_tried_first_is_guessable(guess: str) -> None:
    known = ("El_Atla_1", "A@b.example", "a-name@b.example")
    assert guessable_passwords.problem_with(guess, known)


def test_what_only_begins_like_that_is_not() -> None:
    assert guessable_passwords.problem_with("password-of-el_atla", ("el_atla", "a@b.org")) is None


def test_passwords_are_checked_also_where_the_process_is_as_nice_as_can_be() -> None:
    code = """
import os
from backend_server.accounts.passwords import PasswordHasher
os.nice(19)
hasher = PasswordHasher(1, 1)
with hasher.turn():
    assert not hasher.verify_in_turn(None, "password")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
