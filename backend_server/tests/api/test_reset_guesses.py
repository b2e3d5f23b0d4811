"""A reset code has 24 bits: what keeps it safe is how often it can be guessed at.

Bar S5. Guesses come from many networks here, since one network alone has only ten an hour.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import psycopg
import pytest
import redis
from backend_database import Tables
from backend_people import Person
from backend_programs import until
from forgetful_member import NEW_PASSWORD, ForgetfulMember, assert_refused, run, wrong
from werkzeug.test import TestResponse

from backend_server.accounts import reset_guesses
from backend_server.services import Services

# Members with a live code each, as many as it takes to shut resets without shutting an account.
_MANY_LIVE_CODES = """
    with members as (
        insert into users (username, username_key, email, email_key, password_hash)
        select name, name, name || '@decoupled.dev', name || '@decoupled.dev', ''
        from (select 'member' || number as name from generate_series(0, 200) number) names
        returning id
    )
    insert into password_resets (user_id, job_id, expires_at)
    select id, row_number() over () + 1000, now() + interval '10 minutes' from members"""


def address(number: int) -> str:
    return str(ip_address("198.18.0.0") + number)


def guess_from_everywhere(
    member: ForgetfulMember, code: str, count: int, offset: int = 0
) -> list[TestResponse]:
    """Wrong, each from a network of its own, all at once."""
    guesses = [f"{(int(code, 16) + 1 + each) % 16**6:06x}" for each in range(count)]
    with ThreadPoolExecutor(count) as pool:
        return list(
            pool.map(
                lambda number: member.enter(guesses[number], address=address(offset + number)),
                range(count),
            )
        )


def test_after_five_wrong_guesses_the_right_code_is_refused(
    forgetful_alice: ForgetfulMember, tables: Tables
) -> None:
    code = forgetful_alice.get_code()
    for _ in range(5):
        assert_refused(forgetful_alice.enter(wrong(code)))
    assert_refused(forgetful_alice.enter(code))
    assert tables.value("select count(*) from reset_attempts where user_id is not null") == 5


def test_the_fifth_guess_may_be_right(forgetful_alice: ForgetfulMember) -> None:
    code = forgetful_alice.get_code()
    for _ in range(4):
        assert_refused(forgetful_alice.enter(wrong(code)))
    assert forgetful_alice.enter(code).status_code == 200


def test_a_right_guess_is_not_counted(forgetful_alice: ForgetfulMember, tables: Tables) -> None:
    assert forgetful_alice.enter(forgetful_alice.get_code()).status_code == 200
    assert tables.count("reset_attempts") == 0


def test_fifty_guesses_at_once_are_five_guesses(
    forgetful_alice: ForgetfulMember, tables: Tables
) -> None:
    code = forgetful_alice.get_code()
    answers = guess_from_everywhere(forgetful_alice, code, 50)
    assert {answer.status_code for answer in answers} == {422}
    assert tables.value("select count(*) from reset_attempts where user_id is not null") == 5
    assert_refused(forgetful_alice.enter(code))


def test_one_code_entered_many_times_at_once_works_once(
    forgetful_alice: ForgetfulMember,
) -> None:
    code = forgetful_alice.get_code()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(forgetful_alice.enter, [code] * 5))
    assert sorted(answer.status_code for answer in answers) == [200, *[422] * 4]


def test_each_guess_is_counted_for_the_network_that_it_came_from(
    forgetful_alice: ForgetfulMember, tables: Tables
) -> None:
    code = forgetful_alice.get_code()
    forgetful_alice.enter(wrong(code), address="2001:db8:1:2:3:4:5:6")
    forgetful_alice.enter(wrong(code), "nobody@decoupled.dev", address="198.51.100.7")
    rows = tables.rows("select client_network::text, user_id is null from reset_attempts")
    assert sorted(rows) == [("198.51.100.7/32", True), ("2001:db8:1:2::/64", False)]


def test_new_codes_bring_no_new_guesses_after_fifteen_in_a_day(
    forgetful_alice: ForgetfulMember, tables: Tables, valkey: redis.Redis
) -> None:
    """A code that is issued all the same, here by hand, is refused too; Redis has no say in it."""
    for issued in range(3):
        code = forgetful_alice.get_code()
        answers = guess_from_everywhere(forgetful_alice, code, 5, offset=5 * issued)
        assert [answer.status_code for answer in answers] == [422] * 5
    valkey.flushall()
    tables.execute("update password_resets set tries_left = 5, used_at = null")
    right_code = code
    assert_refused(forgetful_alice.enter(right_code))
    forgetful_alice.let_time_pass(24 * 3600 - 60)
    tables.execute("update password_resets set expires_at = now() + interval '10 minutes'")
    assert_refused(forgetful_alice.enter(right_code))
    forgetful_alice.let_time_pass(60)
    tables.execute("update password_resets set expires_at = now() + interval '10 minutes'")
    assert forgetful_alice.enter(right_code).status_code == 200


def test_fourteen_wrong_guesses_leave_one(forgetful_alice: ForgetfulMember, tables: Tables) -> None:
    """However many are made at once."""
    code = forgetful_alice.get_code()
    alice_id = tables.value("select id from users")
    tables.execute(
        "insert into reset_attempts (user_id) select %s from generate_series(1, 14)", alice_id
    )
    guess_from_everywhere(forgetful_alice, code, 20)
    assert tables.value("select count(*) from reset_attempts where user_id is not null") == 15


def are_waiting(tables: Tables, count: int) -> bool:
    query = """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'"""
    return bool(tables.value(query) == count)


def test_guesses_that_overlap_count_for_each_other(
    forgetful_alice: ForgetfulMember, tables: Tables, database_url: str
) -> None:
    """All of them are under way before the first is counted, and one guess is left."""
    code = forgetful_alice.get_code()
    tables.execute(
        "insert into reset_attempts (user_id) select id from users, generate_series(1, 14)"
    )
    with ThreadPoolExecutor(5) as pool, psycopg.connect(database_url) as meanwhile:
        meanwhile.execute("select from password_resets for update")
        guesses = [
            pool.submit(forgetful_alice.enter, wrong(code), address=address(each))
            for each in range(5)
        ]
        until(lambda: are_waiting(tables, 5))
        meanwhile.commit()
        assert {each.result().status_code for each in guesses} == {422}
    assert tables.value("select count(*) from reset_attempts where user_id is not null") == 15


def test_guesses_that_overlap_shut_resets_in_time(
    forgetful_alice: ForgetfulMember, tables: Tables, database_url: str
) -> None:
    """At five accounts at once, when 199 guesses are counted."""
    tables.execute(_MANY_LIVE_CODES)
    tables.execute(
        "insert into reset_attempts (user_id) select id from users order by username limit 199"
    )

    def guess(number: int) -> int:
        email = f"member{number}@decoupled.dev"
        return forgetful_alice.enter("000000", email, address=address(number)).status_code

    with ThreadPoolExecutor(5) as pool, psycopg.connect(database_url) as meanwhile:
        # Lets others read, not write.
        meanwhile.execute("lock table reset_attempts in exclusive mode")
        guesses = [pool.submit(guess, number) for number in range(5)]
        until(lambda: are_waiting(tables, 5))
        meanwhile.commit()
        assert sorted(each.result() for each in guesses) == [422, 429, 429, 429, 429]
    assert tables.count("reset_breaker_alerts") == 1


def test_no_code_is_mailed_that_could_not_be_entered(
    forgetful_alice: ForgetfulMember, tables: Tables
) -> None:
    alice_id = tables.value("select id from users")
    tables.execute(
        "insert into reset_attempts (user_id) select %s from generate_series(1, 15)", alice_id
    )
    forgetful_alice.ask_and_wait()
    assert forgetful_alice.mailer.sent("reset_code") == []


def test_one_network_has_ten_wrong_guesses_an_hour(
    forgetful_alice: ForgetfulMember,
) -> None:
    """Whether the accounts exist or not, so that the answer tells nothing."""
    code = forgetful_alice.get_code()
    for each in range(10):
        assert_refused(forgetful_alice.enter(wrong(code), f"nobody{each}@decoupled.dev"))
    for email in ("nobody@decoupled.dev", "alice@decoupled.dev"):
        answer = forgetful_alice.enter(code, email)
        assert answer.status_code == 429
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert forgetful_alice.enter(code, address="198.51.100.7").status_code == 200


def test_a_forged_address_brings_no_new_guesses(forgetful_alice: ForgetfulMember) -> None:
    answers = [
        forgetful_alice.enter("000000", "nobody@decoupled.dev", forwarded_for=address(each))
        for each in range(30)
    ]
    assert [answer.status_code for answer in answers] == [*[422] * 10, *[429] * 20]


def test_two_hundred_wrong_guesses_in_an_hour_shut_resets_for_everybody(
    forgetful_alice: ForgetfulMember,
    tables: Tables,
    valkey: redis.Redis,
    services: Services,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Over 200 accounts and networks; then the 201st is refused, and the operator is told once."""
    code = forgetful_alice.get_code()
    tables.execute(_MANY_LIVE_CODES)

    def guess(number: int) -> int:
        email = f"member{number}@decoupled.dev"
        return forgetful_alice.enter("000000", email, address=address(number)).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(guess, range(200))) == {422}
    valkey.flushall()
    assert guess(200) == 429
    refused = forgetful_alice.enter(code, address=address(201))
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "resets_shut"
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    with services.database.reading() as connection:
        [alert] = reset_guesses.list_alerts(connection, 10)
    assert (alert.guesses, alert.counted_over.total_seconds()) == (200, 3600)
    assert 3500 < (alert.shut_until - alert.opened_at).total_seconds() <= 3600
    assert len(re.findall(r"error +\] resets_shut", capsys.readouterr().out)) == 1
    person = forgetful_alice.person
    assert person.try_to_log_in(person.password).status_code == 200
    forgetful_alice.let_time_pass(3600)
    tables.execute("update password_resets set expires_at = now() + interval '10 minutes'")
    assert forgetful_alice.enter(code).status_code == 200
    assert person.try_to_log_in(NEW_PASSWORD).status_code == 200


def test_a_thousand_wrong_guesses_in_a_day_shut_resets_too(
    forgetful_alice: ForgetfulMember, tables: Tables, bob: Person
) -> None:
    del bob
    code = forgetful_alice.get_code()
    tables.execute(
        "insert into reset_attempts (user_id, attempted_at)"
        " select id, now() - make_interval(secs => 61 * number)"
        " from users, generate_series(1, 999) number where username = 'Bob'"
    )
    assert_refused(forgetful_alice.enter(wrong(code)))
    assert forgetful_alice.enter(code).status_code == 429
    assert tables.value("select guesses from reset_breaker_alerts") == 1000


def test_guesses_at_accounts_without_a_code_shut_nothing(
    forgetful_alice: ForgetfulMember, tables: Tables
) -> None:
    """They cannot be right: nobody shuts resets for free."""
    code = forgetful_alice.get_code()
    tables.execute("insert into reset_attempts (user_id) select null from generate_series(1, 300)")
    assert forgetful_alice.enter(code).status_code == 200


def test_guesses_are_forgotten_after_a_day(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    code = forgetful_alice.get_code()
    assert_refused(forgetful_alice.enter(wrong(code)))
    run(database_url, "update reset_attempts set attempted_at = now() - interval '25 hours'")
    assert_refused(forgetful_alice.enter(wrong(code)))
    assert run(database_url, "select count(*) from reset_attempts") == [(1,)]
