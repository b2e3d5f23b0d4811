"""A member proves that an email address is their own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from backend_people import Browser, Person
from backend_settings import PUBLIC_URL
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs
from werkzeug.test import TestResponse

from backend_server.services import Services


@pytest.fixture
def token(alice: Person, services: Services, mailer: RecordingMailer) -> str:
    """From the mail that Alice got when she registered."""
    do_queued_jobs(services)
    [mail] = mailer.sent("confirm_email")
    assert mail.recipients[0].address == alice.email
    return newest_token(mailer)


def newest_token(mailer: RecordingMailer) -> str:
    url = urlsplit(mailer.sent("confirm_email")[-1].confirm_email.confirm_url)
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{PUBLIC_URL}/confirm-email"
    [token] = parse_qs(url.query)["token"]
    return token


def confirm(browser: Browser, token: str) -> TestResponse:
    return browser.post("/auth/confirm-email", {"token": token})


def assert_refused(answer: TestResponse) -> None:
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "invalid_confirmation_token"
    assert list(answer.get_json()["errors"]) == ["token"]


def is_confirmed(person: Person) -> bool:
    confirmed: bool = person.get("/auth/session").get_json()["data"]["email_confirmed"]
    return confirmed


def test_the_link_in_the_mail_confirms_the_address_in_any_browser(
    alice: Person, visitor: Browser, token: str
) -> None:
    assert not is_confirmed(alice)
    answer = confirm(visitor, token)
    assert answer.get_json() == {"message": "Email confirmed successfully!"}
    assert is_confirmed(alice)


def test_the_mail_goes_to_the_address_for_two_days(mailer: RecordingMailer, token: str) -> None:
    [mail] = mailer.sent("confirm_email")
    assert mail.recipients[0].address == "alice@decoupled.dev"
    assert mail.confirm_email.hours_valid == 48
    assert mail.idempotency_key.startswith("confirm_email/")
    assert token not in mail.idempotency_key


def test_a_used_link_is_refused(visitor: Browser, token: str) -> None:
    assert confirm(visitor, token).status_code == 200
    assert_refused(confirm(visitor, token))


def test_a_link_older_than_two_days_is_refused(
    visitor: Browser, token: str, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        statement = "update email_confirmations set expires_at = now() returning created_at"
        connection.execute(statement)
    assert_refused(confirm(visitor, token))


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é" * 43, "A" * 64])
def test_a_made_up_link_is_refused(visitor: Browser, token: str) -> None:
    assert_refused(confirm(visitor, token))


def test_the_mail_can_be_sent_again(
    alice: Person, token: str, services: Services, mailer: RecordingMailer
) -> None:
    answer = alice.post("/auth/send-confirmation")
    assert answer.get_json() == {"message": "Confirmation sent successfully!"}
    do_queued_jobs(services)
    assert newest_token(mailer) != token
    assert confirm(alice, newest_token(mailer)).status_code == 200


def test_who_is_confirmed_gets_no_more_such_mail(
    alice: Person, token: str, services: Services, mailer: RecordingMailer
) -> None:
    confirm(alice, token)
    assert alice.post("/auth/send-confirmation").status_code == 200
    do_queued_jobs(services)
    assert len(mailer.sent("confirm_email")) == 1


def test_only_a_member_can_have_it_sent_again(visitor: Browser) -> None:
    assert visitor.post("/auth/send-confirmation").status_code == 401


def test_the_mail_is_in_the_language_of_the_browser(
    visitor: Browser, services: Services, mailer: RecordingMailer
) -> None:
    body = {"username": "Lucía", "password": "12345678", "email": "lucia@decoupled.dev"}
    headers = {"Accept-Language": "fr, es-MX;q=0.9, en;q=0.5"}
    assert visitor.post("/auth/register", body, headers=headers).status_code == 201
    do_queued_jobs(services)
    assert mailer.sent("confirm_email")[0].recipients[0].language == "es"
