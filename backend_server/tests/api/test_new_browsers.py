"""A member is told when somebody signs in from a browser that was not seen before."""

from __future__ import annotations

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.services import Services

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)


@pytest.fixture
def dora(visitor: Browser, tables: Tables) -> Person:
    """Registered and confirmed, but never signed in."""
    dora = Person(visitor.app, "Dora").register()
    tables.confirm_email("Dora")
    return dora


def sign_in(person: Person, user_agent: str) -> None:
    body = {"username": person.username, "password": person.password}
    answer = person.post("/auth/login", body, headers={"User-Agent": user_agent})
    assert answer.status_code == 200, answer.text


def told_of(mailer: RecordingMailer) -> list[str]:
    return [sent.new_sign_in.browser for sent in mailer.sent("new_sign_in")]


def test_the_first_sign_in_of_a_new_account_is_no_news(
    dora: Person, services: Services, mailer: RecordingMailer
) -> None:
    sign_in(dora, FIREFOX)
    do_queued_jobs(services)
    assert told_of(mailer) == []


def test_a_browser_that_was_not_seen_before_is_told_of_once(
    dora: Person, services: Services, mailer: RecordingMailer
) -> None:
    for user_agent in (FIREFOX, CHROME, NEWER_FIREFOX, CHROME):
        sign_in(dora, user_agent)
    do_queued_jobs(services)
    (sent,) = mailer.sent("new_sign_in")
    assert sent.new_sign_in.browser == "Chrome, Windows"
    assert sent.new_sign_in.sessions_url == f"{services.settings.public_url}/settings/browsers"
    assert [each.address for each in sent.recipients] == ["dora@decoupled.dev"]


def test_a_browser_of_no_known_name_is_one_too(
    dora: Person, services: Services, mailer: RecordingMailer
) -> None:
    for user_agent in (FIREFOX, "", "my-script/1.0\t\x7f", "another-script/2.0"):
        sign_in(dora, user_agent)
    do_queued_jobs(services)
    assert told_of(mailer) == ["?, ?"]


def test_an_address_that_is_not_confirmed_is_not_told(
    dora: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.execute("update users set email_confirmed_at = null")
    for user_agent in (FIREFOX, CHROME):
        sign_in(dora, user_agent)
    do_queued_jobs(services)
    assert told_of(mailer) == []


def test_a_wrong_password_makes_no_browser_known(
    dora: Person, services: Services, mailer: RecordingMailer
) -> None:
    sign_in(dora, FIREFOX)
    body = {"username": "Dora", "password": "wrong-password"}
    assert dora.post("/auth/login", body, headers={"User-Agent": CHROME}).status_code == 401
    sign_in(dora, CHROME)
    do_queued_jobs(services)
    assert told_of(mailer) == ["Chrome, Windows"]
