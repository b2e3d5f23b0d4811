"""A signed-in member sets another password."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from backend_people import Browser, Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs
from werkzeug.test import TestResponse

from backend_server.accounts.passwords import PasswordHasher
from backend_server.services import Services

NEW_PASSWORD = "supersecurepassword"


def change(person: Person, current: str, new: str = NEW_PASSWORD) -> TestResponse:
    return person.put("/auth/password", {"currentPassword": current, "newPassword": new})


def test_from_then_on_the_new_password_signs_in(alice: Person) -> None:
    answer = change(alice, alice.password)
    assert answer.get_json() == {"message": "Password changed successfully!"}
    assert alice.in_another_browser().try_to_log_in(alice.password).status_code == 401
    assert alice.in_another_browser().try_to_log_in(NEW_PASSWORD).status_code == 200


def test_every_other_session_ends_and_this_one_stays(alice: Person) -> None:
    phone = alice.in_another_browser().log_in()
    assert change(alice, alice.password).status_code == 200
    assert alice.is_signed_in()
    assert not phone.is_signed_in()


def test_the_member_is_told_by_mail(
    alice: Person, services: Services, mailer: RecordingMailer
) -> None:
    change(alice, alice.password)
    do_queued_jobs(services)
    [notice] = mailer.sent("password_changed")
    assert notice.recipients[0].address == "alice@decoupled.dev"
    assert NEW_PASSWORD not in str(notice)


def test_a_wrong_current_password_changes_nothing(alice: Person) -> None:
    phone = alice.in_another_browser().log_in()
    answer = change(alice, "not-the-password")
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "wrong_password"
    assert list(answer.get_json()["errors"]) == ["currentPassword"]
    assert phone.is_signed_in()
    assert alice.in_another_browser().try_to_log_in(alice.password).status_code == 200


@pytest.mark.parametrize("new", ["1234567", "x" * 129, "with a space"])
def test_a_new_password_follows_the_rules_of_the_first(alice: Person, new: str) -> None:
    answer = change(alice, alice.password, new)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["newPassword"]


def test_a_stolen_session_is_no_way_to_guess_the_password(alice: Person) -> None:
    """Wrong ones count like failed sign-ins."""
    statuses = [change(alice, f"guess-number-{each}").status_code for each in range(11)]
    assert statuses == [*[422] * 10, 429]
    assert change(alice, alice.password).status_code == 429


def test_who_signs_in_with_the_old_password_meanwhile_is_not_left_signed_in(
    alice: Person, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign-in happens after the current password was found right, before the change."""
    thief = alice.in_another_browser()
    hash_it = PasswordHasher.hash

    def sign_in_then_hash(hasher: PasswordHasher, password: str) -> str:
        # In a thread of its own: a request within a request would share what Flask keeps.
        with ThreadPoolExecutor(1) as other:
            answer = other.submit(thief.try_to_log_in, alice.password).result()
        assert answer.status_code == 200
        return hash_it(hasher, password)

    monkeypatch.setattr(PasswordHasher, "hash", sign_in_then_hash)
    assert change(alice, alice.password).status_code == 200
    assert not thief.is_signed_in()
    assert len(valkey.keys("session:*")) == 1


def test_a_password_that_was_reset_meanwhile_is_not_changed(
    alice: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash_it = PasswordHasher.hash

    def reset_then_hash(hasher: PasswordHasher, password: str) -> str:
        with services.database.statement() as connection:
            connection.execute("update users set password_hash = 'another'")
        return hash_it(hasher, password)

    monkeypatch.setattr(PasswordHasher, "hash", reset_then_hash)
    assert change(alice, alice.password).status_code == 422
    with services.database.reading() as connection:
        assert connection.execute("select password_hash from users").fetchall() == [("another",)]


def test_a_visitor_has_no_password_to_change(visitor: Browser) -> None:
    body = {"currentPassword": "correct-horse-battery", "newPassword": NEW_PASSWORD}
    assert visitor.put("/auth/password", body).status_code == 401
