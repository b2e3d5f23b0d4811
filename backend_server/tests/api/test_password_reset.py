"""A member who forgot the password gets a code by mail and sets a new one. Bars S4, S6, S7."""

from __future__ import annotations

import re
from uuid import UUID

import grpc
import pytest
import redis
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI
from forgetful_member import NEW_PASSWORD, ForgetfulMember, assert_refused, run
from local_stack.valkey import Valkey
from running_jobs import do_queued_jobs

from backend_server.sessions import Session
from backend_server.sessions.store import SessionStore


def test_with_the_code_from_the_mail_a_new_password_is_set(
    forgetful_alice: ForgetfulMember,
) -> None:
    code = forgetful_alice.get_code()
    assert re.fullmatch("[0-9a-f]{6}", code)
    answer = forgetful_alice.enter(code)
    assert answer.status_code == 200
    assert answer.get_json() == {"message": "Pasword reset successfully"}
    assert forgetful_alice.person.try_to_log_in(NEW_PASSWORD).status_code == 200
    old_password = forgetful_alice.person.password
    assert forgetful_alice.person.try_to_log_in(old_password).status_code == 401


def test_the_mail_goes_to_the_member_with_a_key_of_its_own(
    forgetful_alice: ForgetfulMember,
) -> None:
    forgetful_alice.get_code()
    [mail] = forgetful_alice.mailer.sent("reset_code")
    [recipient] = mail.recipients
    assert (recipient.address, recipient.username) == ("alice@decoupled.dev", "Alice")
    assert recipient.unsubscribe_url == ""
    assert mail.idempotency_key.startswith("reset_code/")
    assert mail.reset_code.minutes_valid == 10


def test_the_code_may_be_typed_in_upper_case(forgetful_alice: ForgetfulMember) -> None:
    assert forgetful_alice.enter(forgetful_alice.get_code().upper()).status_code == 200


def test_every_session_ends_and_none_begins(forgetful_alice: ForgetfulMember) -> None:
    person = forgetful_alice.person
    phone = person.in_another_browser().log_in()
    answer = forgetful_alice.enter(forgetful_alice.get_code())
    assert "Set-Cookie" not in answer.headers
    assert not person.is_signed_in()
    assert not phone.is_signed_in()


def test_the_member_is_told_that_the_password_was_changed(
    forgetful_alice: ForgetfulMember,
) -> None:
    code = forgetful_alice.get_code()
    forgetful_alice.enter(code)
    do_queued_jobs(forgetful_alice.services)
    [notice] = forgetful_alice.mailer.sent("password_changed")
    assert notice.recipients[0].address == "alice@decoupled.dev"
    assert code not in str(notice)
    assert NEW_PASSWORD not in str(notice)


def test_an_unknown_address_is_answered_alike_and_gets_no_mail(
    forgetful_alice: ForgetfulMember,
) -> None:
    known = forgetful_alice.ask()
    unknown = forgetful_alice.ask("nobody@decoupled.dev")
    assert known.status_code == unknown.status_code == 200
    assert known.data == unknown.data
    assert known.get_json() == {"message": "Reset token sent successfully"}
    assert set(known.headers.keys()) == set(unknown.headers.keys())
    do_queued_jobs(forgetful_alice.services)
    [mail] = forgetful_alice.mailer.sent("reset_code")
    assert mail.recipients[0].address == "alice@decoupled.dev"


def test_a_used_code_is_refused(forgetful_alice: ForgetfulMember) -> None:
    code = forgetful_alice.get_code()
    assert forgetful_alice.enter(code).status_code == 200
    assert_refused(forgetful_alice.enter(code))


def test_an_expired_code_is_refused(forgetful_alice: ForgetfulMember, database_url: str) -> None:
    code = forgetful_alice.get_code()
    [[lifetime]] = run(database_url, "select expires_at - created_at from password_resets")
    assert lifetime.total_seconds() == 600
    forgetful_alice.let_time_pass(601)
    assert_refused(forgetful_alice.enter(code))


def test_a_code_works_until_it_expires(forgetful_alice: ForgetfulMember) -> None:
    code = forgetful_alice.get_code()
    # The test itself takes some of the ten minutes.
    forgetful_alice.let_time_pass(600 - 60)
    assert forgetful_alice.enter(code).status_code == 200


def test_a_new_code_replaces_the_old_one(forgetful_alice: ForgetfulMember) -> None:
    old, new = forgetful_alice.get_code(), forgetful_alice.get_code()
    assert old != new
    assert_refused(forgetful_alice.enter(old))
    assert forgetful_alice.enter(new).status_code == 200


def test_the_code_of_another_member_is_refused(
    forgetful_alice: ForgetfulMember, bob: Person
) -> None:
    code = forgetful_alice.get_code()
    forgetful_bob = ForgetfulMember(bob, forgetful_alice.services, forgetful_alice.mailer)
    forgetful_bob.get_code()
    assert_refused(forgetful_bob.enter(code))


@pytest.mark.parametrize("email", ["alice@decoupled.dev", "nobody@decoupled.dev"])
def test_a_code_that_was_never_issued_is_refused_whoever_asks(
    forgetful_alice: ForgetfulMember, email: str
) -> None:
    assert_refused(forgetful_alice.enter("123456", email))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "zzzzzz", "١٢٣٤٥٦", "é" * 6])
def test_what_is_no_code_is_refused_like_a_wrong_one(
    forgetful_alice: ForgetfulMember, code: str
) -> None:
    forgetful_alice.get_code()
    assert_refused(forgetful_alice.enter(code))


def test_a_job_that_runs_again_sends_the_same_code_under_the_same_key(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    forgetful_alice.get_code()
    run(database_url, "update procrastinate_jobs set status = 'todo', attempts = 0")
    do_queued_jobs(forgetful_alice.services)
    first, second = forgetful_alice.mailer.sent("reset_code")
    assert first == second


def test_a_job_that_runs_again_after_a_newer_one_sends_nothing(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    forgetful_alice.get_code()
    forgetful_alice.get_code()
    run(
        database_url,
        "update procrastinate_jobs set status = 'todo', attempts = 0"
        " where id = (select min(id) from procrastinate_jobs"
        " where task_name = 'accounts.send_reset_code')",
    )
    do_queued_jobs(forgetful_alice.services)
    assert len(forgetful_alice.mailer.sent("reset_code")) == 2


def test_a_mailer_that_is_down_is_tried_again_later(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    forgetful_alice.ask()
    forgetful_alice.mailer.failures = [grpc.StatusCode.UNAVAILABLE] * 10
    do_queued_jobs(forgetful_alice.services)
    assert forgetful_alice.mailer.sent("reset_code") == []
    forgetful_alice.mailer.failures = []
    run(database_url, "update procrastinate_jobs set scheduled_at = now()")
    do_queued_jobs(forgetful_alice.services)
    assert len(forgetful_alice.mailer.sent("reset_code")) == 1


def test_without_redis_nothing_changes_and_the_code_works_later(
    forgetful_alice: ForgetfulMember, valkey_server: Valkey
) -> None:
    code = forgetful_alice.get_code()
    valkey_server.kill()
    try:
        assert forgetful_alice.enter(code).status_code == 503
    finally:
        valkey_server.start()
    person = forgetful_alice.person
    assert person.try_to_log_in(person.password).status_code == 200
    assert forgetful_alice.enter(code).status_code == 200


def test_who_signs_in_with_the_old_password_during_a_reset_is_not_left_signed_in(
    forgetful_alice: ForgetfulMember, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reset happens after the old password was found right, before the session begins."""
    code = forgetful_alice.get_code()
    start = SessionStore.start

    def reset_then_start(store: SessionStore, user_id: UUID, user_agent: str) -> Session:
        assert forgetful_alice.enter(code).status_code == 200
        return start(store, user_id, user_agent)

    monkeypatch.setattr(SessionStore, "start", reset_then_start)
    person = forgetful_alice.person
    assert person.try_to_log_in(person.password).status_code == 401
    assert valkey.keys("session:*") == []


def test_the_database_holds_nothing_that_a_code_can_be_read_from(
    forgetful_alice: ForgetfulMember, database_url: str
) -> None:
    code = forgetful_alice.get_code()
    for table in ("password_resets", "procrastinate_jobs", "procrastinate_events"):
        for row in run(database_url, f"select to_jsonb(each)::text from {table} as each"):
            assert code not in row[0]


def test_a_password_that_may_not_be_one_is_refused_without_a_guess(
    app: OpenAPI, forgetful_alice: ForgetfulMember
) -> None:
    code = forgetful_alice.get_code()
    body = {"email": "alice@decoupled.dev", "token": code, "newPassword": "short"}
    answer = Browser(app).put("/auth/restart-password", body)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["newPassword"]
    assert forgetful_alice.enter(code).status_code == 200


def test_the_example_of_the_specification_is_understood(visitor: Browser) -> None:
    body = {
        "email": "el_atla@decoupled.dev",
        "token": "123456",
        "newPassword": "supersecurepassword",
    }
    assert_refused(visitor.put("/auth/restart-password", body))
