"""A member who forgot the password, for the tests of how to get back in."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from backend_people import Browser, Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs
from werkzeug.test import TestResponse

from backend_server.services import Services

NEW_PASSWORD = "supersecurepassword"


class ForgetfulMember:
    """Asks for codes, reads them out of the mail, and types them in."""

    def __init__(self, person: Person, services: Services, mailer: RecordingMailer) -> None:
        self.person = person
        self.services = services
        self.mailer = mailer

    def ask(self, email: str | None = None) -> TestResponse:
        return self.person.post("/auth/send-reset-token", {"email": email or self.person.email})

    def ask_and_wait(self) -> None:
        """Until whatever is to be mailed has been."""
        assert self.ask().status_code == 200
        do_queued_jobs(self.services)

    def get_code(self) -> str:
        """The next one is not mailed within a minute, so the ones before are made older."""
        self._make_older("reset_codes_issued", "issued_at", 61)
        self.ask_and_wait()
        return self.mailer.sent("reset_code")[-1].reset_code.code

    def enter(
        self,
        code: str,
        email: str | None = None,
        *,
        address: str = "127.0.0.1",
        forwarded_for: str = "",
    ) -> TestResponse:
        """`address` is the other end of the socket."""
        body = {
            "email": email or self.person.email,
            "token": code,
            "newPassword": NEW_PASSWORD,
        }
        return Browser(self.person.app).put(
            "/auth/restart-password",
            body,
            headers={"X-Forwarded-For": forwarded_for} if forwarded_for else {},
            environ_overrides={"REMOTE_ADDR": address},
        )

    def let_time_pass(self, seconds: int) -> None:
        """For what is counted in Postgres, and for the code."""
        self._make_older("reset_attempts", "attempted_at", seconds)
        self._make_older("reset_codes_issued", "issued_at", seconds)
        self._make_older("password_resets", "expires_at", seconds)
        self._make_older("reset_breaker_alerts", "shut_until", seconds)

    def _make_older(self, table: str, column: str, seconds: int) -> None:
        statement = f"update {table} set {column} = {column} - interval '{seconds} seconds'"
        run(self.services.settings.database_url.reveal(), statement)


@pytest.fixture
def forgetful_alice(alice: Person, services: Services, mailer: RecordingMailer) -> ForgetfulMember:
    return ForgetfulMember(alice, services, mailer)


def run(database_url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def wrong(code: str) -> str:
    return f"{(int(code, 16) + 1) % 16**6:06x}"


def assert_refused(answer: TestResponse) -> None:
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "invalid_reset_token"
    assert list(answer.get_json()["errors"]) == ["token"]
