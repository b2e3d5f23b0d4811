"""What a member wants to be told."""

from __future__ import annotations

from typing import Any

import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.services import Services

PATH = "/notifications/preferences"


def preferences_of(person: Person) -> dict[str, Any]:
    data: dict[str, Any] = person.get(PATH).get_json()["data"]
    return data


def test_at_the_beginning_a_member_is_told_of_those_they_follow(
    alice: Person, tables: Tables
) -> None:
    assert preferences_of(alice) == {
        "notify_about": "followed",
        "paused_until": None,
        "address_problem": "unconfirmed",
        "digest_time": "08:00",
        "time_zone": "UTC",
        "mention_mail": True,
    }
    tables.confirm_email("Alice")
    assert preferences_of(alice)["address_problem"] is None


def test_what_is_left_out_is_chosen_as_at_the_beginning(alice: Person) -> None:
    alice.put(PATH, {"notify_about": "everyone", "paused_until": "2099-01-01T00:00:00Z"})
    assert preferences_of(alice)["paused_until"] == "2099-01-01T00:00:00Z"
    assert alice.put(PATH, {}).get_json()["data"]["notify_about"] == "followed"
    assert preferences_of(alice)["paused_until"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"notify_about": "friends"}, "notify_about"),
        ({"paused_until": "tomorrow"}, "paused_until"),
        ({"paused_until": 4_000_000_000}, "paused_until"),
        ({"paused_until": "2099-01-01T00:00:00"}, "paused_until"),
        ({"digest_time": "24:00"}, "digest_time"),
        ({"digest_time": "8:00"}, "digest_time"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"time_zone": "CEST-2"}, "time_zone"),
        ({"time_zone": "posix/Europe/Madrid"}, "time_zone"),
        ({"mention_mail": None}, "mention_mail"),
        ({"user_id": "x"}, "body"),
    ],
)
def test_what_cannot_be_chosen_is_named(alice: Person, body: object, field: str) -> None:
    answer = alice.put(PATH, body)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_one_choice_is_changed_and_the_others_stay(alice: Person) -> None:
    alice.put(PATH, {"notify_about": "everyone", "paused_until": "2099-01-01T00:00:00Z"})
    answer = alice.patch(PATH, {"digest_time": "18:30", "time_zone": "Europe/Madrid"})
    assert answer.get_json()["data"] == {
        "notify_about": "everyone",
        "paused_until": "2099-01-01T00:00:00Z",
        "address_problem": "unconfirmed",
        "digest_time": "18:30",
        "time_zone": "Europe/Madrid",
        "mention_mail": True,
    }
    assert alice.patch(PATH, {"paused_until": None}).get_json()["data"]["paused_until"] is None
    assert preferences_of(alice)["digest_time"] == "18:30"


def test_choosing_nothing_changes_nothing(alice: Person, tables: Tables) -> None:
    assert alice.patch(PATH, {}).status_code == 200
    assert tables.count("notification_preferences") == 0


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"notify_about": "followed"}, True),
        ({"notify_about": "nobody"}, False),
        ({"paused_until": "2099-01-01T00:00:00Z"}, False),
        ({"paused_until": "2020-01-01T00:00:00Z"}, True),
    ],
)
def test_a_choice_decides_what_is_mailed(
    alice: Person,
    bob: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
    choice: object,
    told: bool,
) -> None:
    tables.confirm_email("Bob")
    bob.follow(alice)
    bob.put(PATH, choice)
    alice.write()
    do_queued_jobs(services)
    assert bool(mailer.sent("new_post")) == told


def test_a_member_sees_that_their_address_bounces(alice: Person, tables: Tables) -> None:
    tables.confirm_email("Alice")
    tables.execute("insert into suppressed_addresses values ('alice@decoupled.dev', 'bounced')")
    assert preferences_of(alice)["address_problem"] == "bounced"
