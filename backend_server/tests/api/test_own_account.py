"""What a member does with the own account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from backend_database import Tables
from backend_people import PASSWORD, Browser, Person
from flask_openapi.openapi import OpenAPI
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.services import Services


def account_of(person: Person) -> dict[str, Any]:
    data: dict[str, Any] = person.get("/users/me").get_json()["data"]
    return data


def confirm_newest(person: Browser, services: Services, mailer: RecordingMailer) -> int:
    """Opens the link of the last confirmation mail. Returns the status."""
    do_queued_jobs(services)
    url = mailer.sent("confirm_email")[-1].confirm_email.confirm_url
    token = parse_qs(urlsplit(url).query)["token"][0]
    return person.post("/auth/confirm-email", {"token": token}).status_code


def test_the_own_account_shows_what_can_be_changed(alice: Person) -> None:
    account = account_of(alice)
    assert account.pop("created_at").endswith("Z")
    assert account == {
        "id": alice.id,
        "username": "Alice",
        "email": "alice@decoupled.dev",
        "email_confirmed": False,
        "pending_email": None,
        "bio": "",
        "show_email": True,
        "language": "en",
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/users/me", None),
        ("PATCH", "/users/me", {"bio": "x"}),
        ("DELETE", "/users/me", {"currentPassword": PASSWORD}),
        ("GET", "/users/me/export", None),
    ],
)
def test_nobody_has_an_account_without_signing_in(
    visitor: Browser, method: str, path: str, body: object
) -> None:
    assert visitor.client.open(path, method=method, json=body).status_code == 401


def test_what_is_left_out_of_a_change_stays(alice: Person, visitor: Browser) -> None:
    alice.patch("/users/me", {"bio": "I write.", "show_email": False})
    answer = alice.patch("/users/me", {"username": "Alicia", "language": "es"})
    assert answer.status_code == 200
    assert answer.get_json()["data"]["bio"] == "I write."
    assert answer.get_json()["data"]["language"] == "es"
    profile = visitor.get("/users/Alicia").get_json()["data"]
    assert (profile["bio"], profile["email"]) == ("I write.", None)
    assert visitor.get("/users/Alice").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "me"}, "username"),
        ({"username": "two words"}, "username"),
        ({"email": "nobody"}, "email"),
        ({"bio": "b" * 301}, "bio"),
        ({"bio": "\0"}, "bio"),
        ({"language": "xx"}, "language"),
        ({"show_email": "yes"}, "show_email"),
        ({"password_hash": "x"}, "body"),
        ({"suspended_at": None}, "body"),
        ({"email": "new@decoupled.dev"}, "currentPassword"),
        ({"email": "new@decoupled.dev", "currentPassword": "wrong-password"}, "currentPassword"),
    ],
)
def test_a_change_that_may_not_be_is_named_and_changes_nothing(
    alice: Person, body: dict[str, object], field: str
) -> None:
    before = account_of(alice)
    answer = alice.patch("/users/me", {"bio": "half", **body})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert account_of(alice) == before


@pytest.mark.usefixtures("bob")
def test_a_taken_username_or_address_is_a_conflict_that_changes_nothing(alice: Person) -> None:
    taken_name = alice.patch("/users/me", {"bio": "half", "username": "BOB"})
    assert (taken_name.status_code, taken_name.get_json()["code"]) == (409, "username_taken")
    taken_address = alice.patch(
        "/users/me", {"bio": "half", "email": "Bob@Decoupled.dev", "currentPassword": PASSWORD}
    )
    assert (taken_address.status_code, taken_address.get_json()["code"]) == (409, "email_taken")
    assert account_of(alice)["bio"] == ""


def test_the_own_username_may_be_written_otherwise(alice: Person) -> None:
    assert alice.patch("/users/me", {"username": "ALICE"}).status_code == 200
    assert account_of(alice)["username"] == "ALICE"


def move(person: Person, email: str) -> None:
    answer = person.patch("/users/me", {"email": email, "currentPassword": PASSWORD})
    assert answer.status_code == 200, answer.text


def test_an_account_moves_to_a_new_address_once_that_is_confirmed(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.confirm_email("Alice")
    move(alice, "new@decoupled.dev")
    assert account_of(alice)["pending_email"] == "new@decoupled.dev"
    assert account_of(alice)["email"] == "alice@decoupled.dev"

    assert confirm_newest(alice, services, mailer) == 200

    assert mailer.sent("confirm_email")[-1].recipients[0].address == "new@decoupled.dev"
    account = account_of(alice)
    assert (account["email"], account["email_confirmed"]) == ("new@decoupled.dev", True)
    assert account["pending_email"] is None
    do_queued_jobs(services)
    (notice,) = mailer.sent("email_changed")
    assert notice.recipients[0].address == "alice@decoupled.dev"


def test_only_the_last_address_asked_for_can_be_confirmed(
    alice: Person, services: Services, mailer: RecordingMailer
) -> None:
    move(alice, "first@decoupled.dev")
    do_queued_jobs(services)
    first_url = mailer.sent("confirm_email")[-1].confirm_email.confirm_url
    move(alice, "alice@decoupled.dev")
    assert account_of(alice)["pending_email"] is None
    token = parse_qs(urlsplit(first_url).query)["token"][0]
    assert alice.post("/auth/confirm-email", {"token": token}).status_code == 422
    assert account_of(alice)["email"] == "alice@decoupled.dev"


def test_an_old_link_does_not_take_the_address_back(
    alice: Person, services: Services, mailer: RecordingMailer
) -> None:
    do_queued_jobs(services)
    old_url = mailer.sent("confirm_email")[-1].confirm_email.confirm_url
    move(alice, "new@decoupled.dev")
    assert confirm_newest(alice, services, mailer) == 200
    token = parse_qs(urlsplit(old_url).query)["token"][0]
    assert alice.post("/auth/confirm-email", {"token": token}).status_code == 422
    assert account_of(alice)["email"] == "new@decoupled.dev"


def test_an_address_somebody_took_meanwhile_cannot_be_confirmed(
    alice: Person, visitor: Browser, services: Services, mailer: RecordingMailer
) -> None:
    move(alice, "new@decoupled.dev")
    do_queued_jobs(services)
    url = mailer.sent("confirm_email")[-1].confirm_email.confirm_url
    taken = {"username": "Quick", "password": PASSWORD, "email": "new@decoupled.dev"}
    assert visitor.post("/auth/register", taken).status_code == 201
    token = parse_qs(urlsplit(url).query)["token"][0]
    answer = alice.post("/auth/confirm-email", {"token": token})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "email_taken")


def test_who_confirms_a_bouncing_address_anew_gets_mail_again(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.confirm_email("Alice")
    tables.execute("insert into suppressed_addresses values ('alice@decoupled.dev', 'bounced')")
    assert address_problem(alice) == "bounced"
    assert alice.post("/auth/send-confirmation").status_code == 200
    assert confirm_newest(alice, services, mailer) == 200
    assert tables.count("suppressed_addresses") == 0
    assert address_problem(alice) is None


def test_who_complained_is_not_asked_to_confirm_and_stays_without_mail(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    do_queued_jobs(services)
    asked = len(mailer.sent("confirm_email"))
    tables.confirm_email("Alice")
    tables.execute("insert into suppressed_addresses values ('alice@decoupled.dev', 'complained')")
    alice.post("/auth/send-confirmation")
    do_queued_jobs(services)
    assert len(mailer.sent("confirm_email")) == asked
    assert address_problem(alice) == "complained"


def address_problem(person: Person) -> str | None:
    data = person.get("/notifications/preferences").get_json()["data"]
    problem: str | None = data["address_problem"]
    return problem


def test_a_member_who_leaves_takes_everything_along(
    alice: Person,
    bob: Person,
    visitor: Browser,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
    valkey: redis.Redis,
) -> None:
    tables.confirm_email("Alice", "Bob")
    alice.follow(bob)
    bob.follow(alice)
    post = alice.write()
    bob.write()
    elsewhere = alice.in_another_browser().log_in()
    user_id = alice.id

    answer = alice.delete("/users/me", json={"currentPassword": PASSWORD})

    assert answer.status_code == 200, answer.text
    assert not alice.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert visitor.get("/users/Alice").status_code == 404
    assert visitor.get(f"/posts/{post['id']}").status_code == 404
    assert bob.get("/users/Bob").get_json()["data"]["followers"] == 0
    do_queued_jobs(services)
    assert mailer.sent("new_post") == []
    assert not list(valkey.scan_iter(f"sessions_of:{user_id}"))
    query = "select operation from changes where subject_id = %s order by number"
    assert tables.rows(query, post["id"])[-1] == ("delete",)


def test_leaving_needs_the_password(alice: Person) -> None:
    answer = alice.delete("/users/me", json={"currentPassword": "wrong-password"})
    assert answer.status_code == 422
    assert alice.is_signed_in()
    assert alice.delete("/users/me").status_code in (400, 415, 422)
    assert alice.is_signed_in()


def test_of_many_who_take_a_name_at_once_one_gets_it(app: OpenAPI, tables: Tables) -> None:
    people = [Person(app, f"Racer{number}").register().log_in() for number in range(8)]
    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(
            pool.map(lambda each: each.patch("/users/me", {"username": "Wanted"}), people)
        )
    assert sorted(each.status_code for each in answers) == [200, *[409] * 7]
    assert tables.value("select count(*) from users where username_key = 'wanted'") == 1
