"""M10: a new sender domain sends so many mails about posts on its first days, and no more."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.notifications.delivery import deliver_chunk
from backend_server.notifications.fan_out import freeze_next_chunks
from backend_server.notifications.links import MailLinks
from backend_server.notifications.warm_up import NoRoomTodayError, WarmUp
from backend_server.services import Services

MONDAY = date(2026, 11, 23)
FIRST_WEEK = (150, 250, 400, 700, 1_000, 1_500, 2_000)


@pytest.mark.parametrize(
    ("day", "cap"),
    [
        (MONDAY - timedelta(days=3), 150),
        (MONDAY, 150),
        (MONDAY + timedelta(days=1), 250),
        (MONDAY + timedelta(days=6), 2_000),
        (MONDAY + timedelta(days=7), None),
    ],
)
def test_m10_the_cap_rises_in_the_first_week_and_ends_with_it(day: date, cap: int | None) -> None:
    assert WarmUp(MONDAY, FIRST_WEEK).cap_on(day) == cap


def test_a_domain_that_is_known_has_no_cap() -> None:
    assert WarmUp(None, FIRST_WEEK).cap_on(MONDAY) is None


@pytest.fixture
def chunk_ids(alice: Person, services: Services, tables: Tables) -> list[uuid.UUID]:
    """Of a post by Alice: two of a hundred followers, one of fifty."""
    tables.add_followers("Alice", 250)
    freeze_next_chunks(services.database, links_of(services), uuid.UUID(alice.write()["id"]))
    return [
        chunk_id for (chunk_id,) in tables.rows("select id from delivery_chunks order by number")
    ]


def links_of(services: Services) -> MailLinks:
    return MailLinks(services.settings.public_url, services.settings.link_key)


def warming_up(*caps: int) -> WarmUp:
    return WarmUp(datetime.now(UTC).date(), caps)


def deliver(services: Services, chunk_id: uuid.UUID, warm_up: WarmUp) -> bool:
    """Whether there was room."""
    try:
        deliver_chunk(services.database, services.mailer, links_of(services), chunk_id, warm_up)
    except NoRoomTodayError:
        return False
    return True


def test_m10_what_has_no_room_today_waits_as_it_was(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_ids: list[uuid.UUID]
) -> None:
    went = [deliver(services, chunk_id, warming_up(150)) for chunk_id in chunk_ids]

    assert went == [True, False, True]
    assert sum(len(sent.recipients) for sent in mailer.requests) == 150
    assert tables.rows("select state, first_tried_at from delivery_chunks where number = 1") == [
        ("waiting", None)
    ]


def test_m10_on_the_next_day_the_rest_goes(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_ids: list[uuid.UUID]
) -> None:
    for chunk_id in chunk_ids:
        deliver(services, chunk_id, warming_up(150))
    tables.execute("update delivery_chunks set first_tried_at = first_tried_at - interval '1 day'")

    assert deliver(services, chunk_ids[1], warming_up(150))
    assert sum(len(sent.recipients) for sent in mailer.requests) == 250


def test_m10_what_was_begun_is_tried_again_whatever_else_went_today(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_ids: list[uuid.UUID]
) -> None:
    deliver(services, chunk_ids[0], warming_up(100))
    # As after a crash between the mailer's answer and our commit.
    tables.execute("update delivery_chunks set state = 'waiting' where number = 0")

    assert deliver(services, chunk_ids[0], warming_up(100))
    assert len(mailer.requests) == 2


def test_m10_chunks_that_are_sent_at_once_keep_the_cap_together(
    services: Services, mailer: RecordingMailer, chunk_ids: list[uuid.UUID]
) -> None:
    together = threading.Barrier(len(chunk_ids))

    def attempt(chunk_id: uuid.UUID) -> None:
        together.wait()
        deliver(services, chunk_id, warming_up(100))

    with ThreadPoolExecutor(len(chunk_ids)) as pool:
        list(pool.map(attempt, chunk_ids))

    assert sum(len(sent.recipients) for sent in mailer.requests) in (50, 100)


def test_m10_account_mail_is_not_held_back(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.execute(
        """insert into delivery_chunks (kind, number, idempotency_key, first_tried_at)
           values ('digest', 0, 'x', now())"""
    )
    alice.post("/auth/send-reset-token", {"email": alice.email})
    do_queued_jobs(services)

    assert len(mailer.sent("reset_code")) == 1
