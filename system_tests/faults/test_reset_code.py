"""A reset code is good for ten minutes and five tries, whatever the clock or the attacker does."""

from datetime import timedelta

import psycopg
from system_tests.answers import assert_refused, assert_succeeded
from system_tests.inbox import Inbox
from system_tests.person import Person

LIFETIME = timedelta(minutes=10)
A_MOMENT = timedelta(seconds=1)
TRIES = 5
NEW_PASSWORD = "another-horse-battery"


def mailed_code(bob: Person, inbox: Inbox) -> str:
    bob.send_reset_token(bob.member.email)
    return inbox.wait_for(bob.member.email, "reset_code").reset_code


def let_time_pass(database: psycopg.Connection, bob: Person, duration: timedelta) -> None:
    """Ages everything about the reset of bob's password."""
    for table, column in (
        ("password_resets", "created_at"),
        ("password_resets", "expires_at"),
        ("reset_codes_issued", "issued_at"),
    ):
        database.execute(
            f"update {table} set {column} = {column} - %(age)s"
            " where user_id = (select id from users where username = %(username)s)",
            {"age": duration, "username": bob.member.username},
        )


def test_a_code_is_refused_after_ten_minutes(
    bob: Person, inbox: Inbox, database: psycopg.Connection
) -> None:
    code = mailed_code(bob, inbox)
    let_time_pass(database, bob, LIFETIME)
    answer = bob.restart_password(bob.member.email, code, NEW_PASSWORD)
    assert assert_refused(answer, 422, "token")["code"] == "invalid_reset_token"


def test_a_code_works_until_shortly_before(
    bob: Person, inbox: Inbox, database: psycopg.Connection
) -> None:
    code = mailed_code(bob, inbox)
    # The test itself takes some of the ten minutes.
    let_time_pass(database, bob, LIFETIME - 60 * A_MOMENT)
    answer = bob.restart_password(bob.member.email, code, NEW_PASSWORD)
    assert_succeeded(answer, 200, "Pasword reset successfully")


def test_a_code_is_dead_after_five_wrong_tries(bob: Person, inbox: Inbox) -> None:
    code = mailed_code(bob, inbox)
    for number in range(1, TRIES + 1):
        wrong = f"{(int(code, 16) + number) % 16**6:06x}"
        assert_refused(bob.restart_password(bob.member.email, wrong, NEW_PASSWORD), 422, "token")
    assert_refused(bob.restart_password(bob.member.email, code, NEW_PASSWORD), 422, "token")


def test_a_new_code_makes_the_old_one_useless(
    bob: Person, inbox: Inbox, database: psycopg.Connection
) -> None:
    old = mailed_code(bob, inbox)
    # A second one is not mailed at once.
    let_time_pass(database, bob, timedelta(minutes=2))
    bob.send_reset_token(bob.member.email)
    new = inbox.wait_for(bob.member.email, "reset_code", count=2).reset_code
    assert_refused(bob.restart_password(bob.member.email, old, NEW_PASSWORD), 422, "token")
    answer = bob.restart_password(bob.member.email, new, NEW_PASSWORD)
    assert_succeeded(answer, 200, "Pasword reset successfully")


def test_the_database_holds_no_code(
    bob: Person, inbox: Inbox, database: psycopg.Connection
) -> None:
    code = mailed_code(bob, inbox)
    tables = [
        row[0]
        for row in database.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname = 'public'"
        )
    ]
    for table in tables:
        rows = database.execute(f"select row_to_json(t)::text from {table} t").fetchall()
        assert not [row for row in rows if f'"{code}"' in row[0]], table
