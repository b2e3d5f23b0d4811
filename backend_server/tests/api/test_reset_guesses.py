"""A reset code has 24 bits: what keeps it safe is that it can be guessed at five times only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from forgetful_member import ForgetfulMember, assert_refused, run, wrong


def test_after_five_wrong_guesses_the_right_code_is_refused(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    code = forgetful_alice.get_code()
    for _ in range(5):
        assert_refused(forgetful_alice.enter(wrong(code)))
    assert_refused(forgetful_alice.enter(code))
    assert run(database_url, "select count(*) from reset_attempts") == [(5,)]


def test_the_fifth_guess_may_be_right(forgetful_alice: ForgetfulMember) -> None:
    code = forgetful_alice.get_code()
    for _ in range(4):
        assert_refused(forgetful_alice.enter(wrong(code)))
    assert forgetful_alice.enter(code).status_code == 200


def test_fifty_guesses_at_once_are_five_guesses(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    code = forgetful_alice.get_code()
    guesses = [f"{(int(code, 16) + 1 + offset) % 16**6:06x}" for offset in range(50)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(forgetful_alice.enter, guesses))
    assert {answer.status_code for answer in answers} == {422}
    assert run(database_url, "select count(*) from reset_attempts") == [(5,)]
    assert_refused(forgetful_alice.enter(code))


def test_one_code_entered_many_times_at_once_works_once(
    forgetful_alice: ForgetfulMember,
) -> None:
    code = forgetful_alice.get_code()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(forgetful_alice.enter, [code] * 5))
    assert sorted(answer.status_code for answer in answers) == [200, *[422] * 4]
