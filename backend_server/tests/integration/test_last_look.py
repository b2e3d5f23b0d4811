"""Between a chunk's writing and its first try somebody may no longer want its mail."""

from __future__ import annotations

import uuid

import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer

from backend_server.notifications.delivery import deliver_chunk
from backend_server.notifications.fan_out import freeze_next_chunks
from backend_server.notifications.links import MailLinks
from backend_server.services import Services


@pytest.fixture
def chunk_id(alice: Person, services: Services, tables: Tables) -> uuid.UUID:
    """Of a post by Alice, for four followers."""
    tables.add_followers("Alice", 4)
    links = links_of(services)
    freeze_next_chunks(services.database, links, uuid.UUID(alice.write()["id"]))
    chunk_id: uuid.UUID = tables.value("select id from delivery_chunks")
    return chunk_id


def links_of(services: Services) -> MailLinks:
    return MailLinks(services.settings.public_url, services.settings.link_key)


def told(mailer: RecordingMailer) -> list[str]:
    return sorted(each.username for sent in mailer.sent("new_post") for each in sent.recipients)


FOLLOWER_2 = "(select id from users where username = 'follower2')"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (f"update follows set mail = 'none' where follower_id = {FOLLOWER_2}", "unsubscribed"),
        (f"delete from follows where follower_id = {FOLLOWER_2}", "unsubscribed"),
        (
            f"insert into notification_preferences values ({FOLLOWER_2}, 'nobody')",
            "unsubscribed",
        ),
        (f"update users set suspended_at = now() where id = {FOLLOWER_2}", "suspended"),
        (
            "insert into suppressed_addresses values ('follower2@decoupled.dev', 'complained')",
            "suppressed",
        ),
        (f"update users set email = 'f2@x.dev' where id = {FOLLOWER_2}", "address_changed"),
        (
            f"insert into opened_posts select {FOLLOWER_2}, id from posts",
            "opened",
        ),
        (f"delete from users where id = {FOLLOWER_2}", None),
    ],
)
def test_who_should_no_longer_get_it_is_left_out_and_the_others_are_told(
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
    chunk_id: uuid.UUID,
    change: str,
    reason: str | None,
) -> None:
    tables.execute(change)
    deliver_chunk(services.database, services.mailer, links_of(services), chunk_id)
    assert told(mailer) == ["follower1", "follower3", "follower4"]
    skipped = tables.rows("select skipped_reason from deliveries where state = 'skipped'")
    assert skipped == ([(reason,)] if reason else [])
    query = "select email = accepted_id, state from deliveries where state <> 'skipped'"
    assert tables.rows(query) == [(True, "accepted")] * 3


def test_a_chunk_that_nobody_wants_any_more_is_not_sent(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    tables.execute("update users set suspended_at = now() where username = 'Alice'")
    deliver_chunk(services.database, services.mailer, links_of(services), chunk_id)
    assert told(mailer) == []
    assert tables.value("select state from delivery_chunks") == "skipped"
    reasons = tables.rows("select distinct skipped_reason from deliveries")
    assert reasons == [("author_suspended",)]


def test_after_the_first_try_nothing_is_changed_any_more(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    deliver_chunk(services.database, services.mailer, links_of(services), chunk_id)
    # As after a crash between the mailer's answer and our commit.
    tables.execute("update delivery_chunks set state = 'waiting'")
    tables.execute("update follows set mail = 'none'")
    deliver_chunk(services.database, services.mailer, links_of(services), chunk_id)
    first, again = mailer.requests
    assert first == again
