"""Who is named in a post is told of it, once."""

from __future__ import annotations

from uuid import UUID

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.notifications.fan_out import freeze_next_chunks
from backend_server.notifications.links import MailLinks
from backend_server.services import Services


@pytest.fixture(autouse=True)
def everybody_is_confirmed(alice: Person, bob: Person, carol: Person, tables: Tables) -> None:
    del alice, bob, carol
    tables.confirm_email("Alice", "Bob", "Carol")


def told(mailer: RecordingMailer, kind: str) -> list[str]:
    return sorted(each.username for sent in mailer.sent(kind) for each in sent.recipients)


def test_who_is_named_is_told_whether_or_not_they_follow(
    alice: Person, bob: Person, services: Services, mailer: RecordingMailer
) -> None:
    bob.follow(alice, mail="none")
    alice.write("For @bob", "and @CAROL, and ada@example.org, and `@Alice`")
    do_queued_jobs(services)
    assert told(mailer, "mention") == ["Bob", "Carol"]
    (sent,) = mailer.sent("mention")
    assert (sent.mention.post.title, sent.mention.post.author_username) == ("For @bob", "Alice")


def test_who_is_named_and_follows_gets_one_mail(
    alice: Person, bob: Person, carol: Person, services: Services, mailer: RecordingMailer
) -> None:
    bob.follow(alice)
    carol.follow(alice)
    alice.write("For @Bob and @Bob")
    do_queued_jobs(services)
    assert told(mailer, "mention") == ["Bob"]
    assert told(mailer, "new_post") == ["Carol"]


def test_a_fan_out_that_runs_again_names_nobody_twice(
    alice: Person, services: Services, tables: Tables
) -> None:
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    post = alice.write("For @Bob")
    for _ in range(3):
        freeze_next_chunks(services.database, links, UUID(post["id"]))
    tables.add_followers("Alice", 3)
    freeze_next_chunks(services.database, links, UUID(post["id"]))
    assert tables.delivered_to(post["id"]) == ["Bob"]


def test_an_edit_tells_nobody(alice: Person, services: Services, mailer: RecordingMailer) -> None:
    post = alice.write("For somebody")
    do_queued_jobs(services)
    alice.patch(f"/posts/{post['id']}", {"title": "For @Bob"})
    do_queued_jobs(services)
    assert told(mailer, "mention") == []


def test_authors_do_not_tell_themselves(
    alice: Person, services: Services, mailer: RecordingMailer
) -> None:
    alice.write("I, @Alice")
    do_queued_jobs(services)
    assert told(mailer, "mention") == []


def test_a_post_tells_no_more_than_ten_whom_it_names(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 12)
    tables.execute("delete from follows")
    alice.write("All", " ".join(f"@follower{number}" for number in range(12, 0, -1)))
    do_queued_jobs(services)
    assert told(mailer, "mention") == sorted(f"follower{number}" for number in range(3, 13))


WANTS_NO_MENTIONS = "insert into notification_preferences (user_id, mention_mail)"
WANTS_NOTHING = "insert into notification_preferences (user_id, notify_about)"


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (f"{WANTS_NO_MENTIONS} select id, false from users", "unsubscribed"),
        (f"{WANTS_NOTHING} select id, 'nobody' from users", "unsubscribed"),
        ("update users set suspended_at = now() where username = 'Bob'", "suspended"),
        ("update users set suspended_at = now() where username = 'Alice'", "author_suspended"),
        ("update users set email_confirmed_at = null", "address_changed"),
        ("insert into suppressed_addresses values ('bob@decoupled.dev', 'bounced')", "suppressed"),
        (
            (
                "insert into opened_posts (member_id, post_id)"
                " select users.id, posts.id from users, posts"
            ),
            "opened",
        ),
        ("delete from posts", None),
    ],
)
def test_whom_no_mail_should_reach_is_not_told(
    alice: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
    change: str,
    reason: str | None,
    is_late: bool,
) -> None:
    post = alice.write("For @Bob")
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    if is_late:
        freeze_next_chunks(services.database, links, UUID(post["id"]))
    tables.execute(change)
    do_queued_jobs(services)
    assert told(mailer, "mention") == []
    if is_late and reason:
        assert tables.rows("select skipped_reason from deliveries") == [(reason,)]


def test_a_reader_ends_mail_about_mentions_with_its_link_and_nothing_else(
    alice: Person, bob: Person, visitor: Browser, services: Services, mailer: RecordingMailer
) -> None:
    bob.follow(alice)
    alice.write("For @Bob")
    do_queued_jobs(services)
    (sent,) = mailer.sent("mention")
    path = sent.recipients[0].unsubscribe_url.removeprefix(f"{services.settings.public_url}/api")
    assert visitor.get(path).get_json()["data"] == {"about": "mentions", "author_username": None}
    for _ in range(2):
        assert visitor.post(path).status_code == 200
    alice.write("Again for @Bob")
    do_queued_jobs(services)
    assert told(mailer, "mention") == ["Bob"]
    assert told(mailer, "new_post") == ["Bob"]
    assert bob.get("/notifications/preferences").get_json()["data"]["mention_mail"] is False
