"""Nobody's inbox is flooded, and nobody learns by that who has an account. Bar S6."""

from __future__ import annotations

from dataclasses import replace

import redis
from backend_database import Tables
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI
from forgetful_member import ForgetfulMember, run
from running_jobs import do_queued_jobs

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.services import Services

DAY = 24 * 3600


def mails_after(member: ForgetfulMember, seconds: int) -> int:
    """How many codes have been mailed once this time has passed and another is asked for."""
    member.let_time_pass(seconds)
    member.ask_and_wait()
    return len(member.mailer.sent("reset_code"))


def test_one_code_is_mailed_a_minute_three_an_hour_and_five_a_day(
    forgetful_alice: ForgetfulMember,
) -> None:
    """Each request is answered alike: only the mails tell."""
    waits_and_mails = [
        (0, 1),
        (59, 1),
        (1, 2),
        (60, 3),
        (60, 3),
        (3600 - 180, 4),
        (3600, 5),
        (3600, 5),
        (DAY - 3 * 3600, 6),
    ]
    counted = [mails_after(forgetful_alice, wait) for wait, _ in waits_and_mails]
    assert counted == [mails for _, mails in waits_and_mails]


def test_the_code_before_stays_good_when_no_other_is_mailed(
    forgetful_alice: ForgetfulMember,
) -> None:
    code = forgetful_alice.get_code()
    forgetful_alice.ask_and_wait()
    assert len(forgetful_alice.mailer.sent("reset_code")) == 1
    assert forgetful_alice.enter(code).status_code == 200


def test_losing_redis_brings_no_more_mail(
    forgetful_alice: ForgetfulMember, valkey: redis.Redis
) -> None:
    forgetful_alice.ask_and_wait()
    valkey.flushall()
    forgetful_alice.ask_and_wait()
    assert len(forgetful_alice.mailer.sent("reset_code")) == 1


def test_a_job_that_runs_again_is_no_second_code(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    forgetful_alice.ask_and_wait()
    run(database_url, "update procrastinate_jobs set status = 'todo', attempts = 0")
    do_queued_jobs(forgetful_alice.services)
    first, again = forgetful_alice.mailer.sent("reset_code")
    assert first == again


def test_jobs_that_run_at_once_issue_one_code(
    forgetful_alice: ForgetfulMember, services: Services
) -> None:
    for _ in range(8):
        forgetful_alice.ask()
    do_queued_jobs(services)
    assert len(forgetful_alice.mailer.sent("reset_code")) == 1


def test_known_and_unknown_addresses_are_answered_alike_however_often_they_ask(
    forgetful_alice: ForgetfulMember,
) -> None:
    for _ in range(5):
        known, unknown = forgetful_alice.ask(), forgetful_alice.ask("nobody@decoupled.dev")
        assert known.status_code == unknown.status_code == 200
        assert known.data == unknown.data
        assert set(known.headers.keys()) == set(unknown.headers.keys())


def test_one_network_asks_for_only_so_many_codes(settings: Settings) -> None:
    app = create_app(replace(settings, reset_requests_per_network=3))
    answers = [
        Browser(app).post("/auth/send-reset-token", {"email": f"nobody{each}@decoupled.dev"})
        for each in range(4)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
    app.extensions["services"].close()


def test_a_member_has_the_confirmation_mailed_again_once_a_minute(
    app: OpenAPI, alice: Person, tables: Tables
) -> None:
    before = tables.queued("accounts.send_confirmation")
    first, second = (alice.post("/auth/send-confirmation") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert 50 < int(second.headers["Retry-After"]) <= 60
    assert tables.queued("accounts.send_confirmation") == before + 1
    bob = Person(app, "Bob").register().log_in()
    assert bob.post("/auth/send-confirmation").status_code == 200
