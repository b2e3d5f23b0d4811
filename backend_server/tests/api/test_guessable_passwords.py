"""With REFUSE_COMMON_PASSWORDS, a new password is none that is tried first. Bar S2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI
from forgetful_member import ForgetfulMember
from recording_mailer import RecordingMailer
from werkzeug.test import TestResponse

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.services import EXTENSION


@pytest.fixture
def strict_app(settings: Settings) -> Iterator[OpenAPI]:
    app = create_app(replace(settings, refuse_common_passwords=True))
    yield app
    app.extensions[EXTENSION].close()


def register(app: OpenAPI, password: str) -> TestResponse:
    body = {"username": "el_atla_1", "password": password, "email": "el.atla@decoupled.dev"}
    return Browser(app).post("/auth/register", body)


def test_by_default_the_specifications_own_example_registers(app: OpenAPI) -> None:
    assert register(app, "12345678").status_code == 201


@pytest.mark.parametrize(
    "password", ["12345678", "Password", "EL_atla_1", "el.atla@decoupled.dev", "decoupled"]
)
def test_who_registers_is_told_so(strict_app: OpenAPI, password: str) -> None:
    answer = register(strict_app, password)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["password"]
    assert register(strict_app, "a less common one".replace(" ", "-")).status_code == 201


def test_who_changes_the_password_is_told_so(strict_app: OpenAPI) -> None:
    alice = Person(strict_app, "Alice123").register().log_in()
    for new in ("12345678", "alice123"):
        body = {"currentPassword": alice.password, "newPassword": new}
        answer = alice.put("/auth/password", body)
        assert answer.status_code == 422
        assert list(answer.get_json()["errors"]) == ["newPassword"]


def test_who_resets_the_password_is_told_so_and_may_try_again(
    strict_app: OpenAPI, mailer: RecordingMailer
) -> None:
    alice = Person(strict_app, "Alice123").register().log_in()
    forgetful = ForgetfulMember(alice, strict_app.extensions[EXTENSION], mailer)
    code = forgetful.get_code()
    for new in ("12345678", "alice123", "alice123@decoupled.dev"):
        body = {"email": alice.email, "token": code, "newPassword": new}
        answer = Browser(strict_app).put("/auth/restart-password", body)
        assert answer.status_code == 422
        assert list(answer.get_json()["errors"]) == ["newPassword"]
    assert forgetful.enter(code).status_code == 200
