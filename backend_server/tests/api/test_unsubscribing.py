from uuid import UUID

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.notifications.fan_out import freeze_next_chunks
from backend_server.notifications.links import MailLinks, Subscription, unsubscribe_token
from backend_server.services import Services

ONE_CLICK = {"data": {"List-Unsubscribe": "One-Click"}}


@pytest.fixture
def path(alice: Person, bob: Person, services: Services, tables: Tables) -> str:
    """Ends Bob's mail about Alice, whom he follows."""
    tables.confirm_email("Bob")
    bob.follow(alice)
    subscription = Subscription(UUID(bob.id), UUID(alice.id))
    token = unsubscribe_token(services.settings.link_key.newest, subscription)
    return f"/notifications/unsubscribe/{token}"


def mail_of(reader: Person, author: Person) -> object:
    return reader.get(f"/users/{author.username}").get_json()["data"]["follow"]["mail"]


def test_m2_a_mail_program_unsubscribes_with_one_click_and_again_changes_nothing(
    alice: Person, bob: Person, visitor: Browser, path: str
) -> None:
    foreign = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = visitor.post(path, headers=foreign, **ONE_CLICK)
        assert (answer.status_code, answer.get_json()) == (200, {"message": "Unsubscribed!"})
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers
    assert mail_of(bob, alice) == "none"


def test_m2_looking_at_the_link_changes_nothing(
    alice: Person, bob: Person, visitor: Browser, path: str
) -> None:
    answer = visitor.get(path)
    assert answer.get_json() == {
        "message": "Got subscription!",
        "data": {"about": "author", "author_username": "Alice"},
    }
    assert mail_of(bob, alice) == "immediate"


def test_the_link_in_the_mail_ends_the_mail(
    alice: Person, services: Services, visitor: Browser, mailer: RecordingMailer, path: str
) -> None:
    alice.write()
    do_queued_jobs(services)
    (sent,) = mailer.sent("new_post")
    link = sent.recipients[0].unsubscribe_url
    assert link == f"{services.settings.public_url}/api{path}"
    visitor.post(path)
    alice.write()
    do_queued_jobs(services)
    assert len(mailer.sent("new_post")) == 1


def test_m2_mails_that_wait_already_are_dropped(
    alice: Person, services: Services, visitor: Browser, mailer: RecordingMailer, path: str
) -> None:
    post = alice.write()
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    freeze_next_chunks(services.database, links, UUID(post["id"]))

    assert visitor.post(path, **ONE_CLICK).status_code == 200
    do_queued_jobs(services)

    assert mailer.sent("new_post") == []


def test_m2_the_link_of_another_member_stops_nothing_of_mine(
    alice: Person, bob: Person, carol: Person, services: Services, visitor: Browser, path: str
) -> None:
    carol.follow(alice)
    key = services.settings.link_key.newest
    of_bob = path.rpartition("/")[2]
    of_carol = unsubscribe_token(key, Subscription(UUID(carol.id), UUID(alice.id)))
    # The member of one link with the proof of the other.
    mixed = of_carol[:22] + of_bob[22:]

    assert visitor.post(path.replace(of_bob, mixed)).status_code == 404
    assert visitor.post(path).status_code == 200

    assert mail_of(bob, alice) == "none"
    assert mail_of(carol, alice) == "immediate"


def test_other_follows_stay_as_they_are(
    bob: Person, carol: Person, visitor: Browser, path: str
) -> None:
    bob.follow(carol)
    visitor.post(path)
    assert mail_of(bob, carol) == "immediate"


def test_who_gets_mail_about_everyone_goes_back_to_those_they_follow(
    alice: Person, bob: Person, visitor: Browser, tables: Tables, path: str
) -> None:
    bob.delete(f"/users/{alice.username}/follow")
    tables.execute(
        """insert into notification_preferences (user_id, notify_about)
           select id, 'everyone' from users"""
    )
    visitor.post(path)
    query = """
        select notify_about from notification_preferences
        join users on users.id = user_id where username = %s"""
    assert tables.value(query, "Bob") == "followed"
    assert tables.value(query, "Alice") == "everyone"


def test_m2_a_forged_link_is_not_found(visitor: Browser, path: str) -> None:
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert visitor.get(forged).status_code == 404
    assert visitor.post(forged).status_code == 404
