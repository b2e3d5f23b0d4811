"""What an author learns of their readers."""

from __future__ import annotations

from typing import Any

from backend_database import Tables
from backend_people import Person
from running_jobs import do_queued_jobs

from backend_server.services import Services


def audience_of(person: Person) -> dict[str, Any]:
    data: dict[str, Any] = person.get("/users/me/audience").get_json()["data"]
    return data


def test_an_author_sees_whom_a_post_would_reach(
    alice: Person, bob: Person, carol: Person, tables: Tables
) -> None:
    assert audience_of(alice) == {"at_once": 0, "in_digest": 0, "without_mail": 0}
    tables.add_followers("Alice", 3)
    tables.confirm_email("Bob")
    bob.follow(alice, mail="digest")
    carol.follow(alice)  # Whose address is not confirmed.
    tables.execute("update users set suspended_at = now() where username = 'follower3'")
    assert audience_of(alice) == {"at_once": 2, "in_digest": 1, "without_mail": 1}


def test_who_wants_mail_about_everyone_is_reached_without_following(
    alice: Person, bob: Person, tables: Tables
) -> None:
    tables.confirm_email("Bob")
    bob.put("/notifications/preferences", {"notify_about": "everyone"})
    assert audience_of(alice)["at_once"] == 1
    bob.follow(alice, mail="none")
    assert audience_of(alice) == {"at_once": 0, "in_digest": 0, "without_mail": 1}


def test_an_author_sees_how_telling_of_a_post_went(
    alice: Person, bob: Person, services: Services, tables: Tables
) -> None:
    tables.add_followers("Alice", 5)
    path = f"/posts/{alice.write()['id']}/delivery"
    assert alice.get(path).get_json()["data"]["accepted"] == 0
    do_queued_jobs(services)
    tables.execute("update deliveries set state = 'bounced' where email like 'follower1@%%'")
    tables.execute("update deliveries set state = 'complained' where email like 'follower2@%%'")
    tables.execute(
        """update deliveries set state = 'skipped', skipped_reason = 'unsubscribed'
           where email like 'follower3@%%'"""
    )
    assert alice.get(path).get_json()["data"] == {
        "waiting": 0,
        "accepted": 2,
        "delivered": 1,
        "bounced": 1,
        "failed": 0,
        "skipped": {"unsubscribed": 1},
    }
    assert bob.get(path).status_code == 403


def test_there_is_no_delivery_of_what_is_no_post(alice: Person) -> None:
    path = "/posts/0193a1b2-7c3d-7000-8000-00000000a1f7/delivery"
    assert alice.get(path).status_code == 404
