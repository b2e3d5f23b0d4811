"""Too many complaints or bounces hold mails about posts back, and nothing else."""

import uuid

import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer

from backend_server.notifications import brake
from backend_server.notifications.brake import HeldBackError
from backend_server.notifications.delivery import deliver_chunk
from backend_server.notifications.fan_out import freeze_next_chunks
from backend_server.notifications.links import MailLinks
from backend_server.services import Services

READERS = 200

_TELL = """
    with event as (
        insert into webhook_events (id, body) values (gen_random_uuid()::text, '') returning id
    )
    insert into mail_events (event_id, place, kind, accepted_id, email_key, happened_at, reason)
    select event.id, row_number() over (), %s, accepted_id, email, now() - %s::interval, ''
    from event, (select accepted_id, email from deliveries where accepted_id is not null
                 order by accepted_id limit %s) mails"""


@pytest.fixture
def chunk_ids(alice: Person, services: Services, tables: Tables) -> list[uuid.UUID]:
    """Of a post by Alice: one delivered, the other still to be."""
    tables.add_followers("Alice", READERS)
    post = alice.write()
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    freeze_next_chunks(services.database, links, uuid.UUID(post["id"]))
    chunk_ids = [each for (each,) in tables.rows("select id from delivery_chunks order by number")]
    deliver(services, chunk_ids[0])
    return chunk_ids


def deliver(services: Services, chunk_id: uuid.UUID) -> None:
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    deliver_chunk(services.database, services.mailer, links, chunk_id)


def had_sent(tables: Tables, mails: int) -> None:
    tables.execute("update accepted_mails set count = %s", mails)


def test_what_was_accepted_is_counted_once(
    services: Services, tables: Tables, chunk_ids: list[uuid.UUID]
) -> None:
    deliver(services, chunk_ids[0])
    assert tables.value("select count from accepted_mails") == 100


@pytest.mark.parametrize(("kind", "mails"), [("complained", 3), ("bounced_permanently", 10)])
def test_too_many_stop_the_mails_about_posts(
    services: Services,
    tables: Tables,
    chunk_ids: list[uuid.UUID],
    mailer: RecordingMailer,
    kind: str,
    mails: int,
) -> None:
    tables.execute(_TELL, kind, "1 minute", mails)
    with pytest.raises(HeldBackError):
        deliver(services, chunk_ids[1])
    assert len(mailer.requests) == 1
    assert tables.value("select state from delivery_chunks where number = 1") == "waiting"

    brake.start_anew(services.database)
    deliver(services, chunk_ids[1])
    assert len(mailer.requests) == 2


def test_what_was_told_more_than_a_week_ago_does_not_count(
    services: Services, tables: Tables, chunk_ids: list[uuid.UUID], mailer: RecordingMailer
) -> None:
    tables.execute(_TELL, "complained", "8 days", 50)
    deliver(services, chunk_ids[1])
    assert len(mailer.requests) == 2


def test_somewhat_too_many_complaints_slow_the_mails_to_a_chunk_a_minute(
    services: Services, tables: Tables, chunk_ids: list[uuid.UUID], mailer: RecordingMailer
) -> None:
    had_sent(tables, 2_000)
    tables.execute(_TELL, "complained", "1 minute", 3)
    tables.execute("update mail_brake set next_chunk_at = now() + interval '1 minute'")
    with pytest.raises(HeldBackError) as held:
        deliver(services, chunk_ids[1])
    assert held.value.retry_after_seconds == brake.SLOW_SECONDS
    tables.execute("update mail_brake set next_chunk_at = now()")
    deliver(services, chunk_ids[1])
    assert len(mailer.requests) == 2
    assert tables.value("select next_chunk_at > now() from mail_brake")


def test_complaints_below_what_hurts_only_warn(
    services: Services, tables: Tables, chunk_ids: list[uuid.UUID], mailer: RecordingMailer
) -> None:
    had_sent(tables, 3_500)
    tables.execute(_TELL, "complained", "1 minute", 3)
    deliver(services, chunk_ids[1])
    assert len(mailer.requests) == 2
