"""Each reader gets one digest a day, of what is news to them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from digest_days import (
    digests_of,
    let_an_hour_pass,
    make_digests_due,
    write_digests,
)
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.notifications.digest_posts import News
from backend_server.notifications.digests import (
    MOST_POSTS_IN_A_CHUNK,
    DigestReader,
    Due,
    in_chunks,
    write_due_digests,
)
from backend_server.services import Services

PREFERENCES = "/notifications/preferences"
NEXT = "select next_digest_at(%s::time, %s, %s)"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def reader(bob: Person, alice: Person, tables: Tables) -> Person:
    """Bob, who gets what Alice writes in a digest."""
    tables.confirm_email("Bob")
    bob.follow(alice, mail="digest")
    let_an_hour_pass(tables)
    return bob


def local(zone: str, *date_and_time: int) -> datetime:
    year, month, day, hour, minute = date_and_time
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def test_a_digest_holds_what_was_written_since_the_last_newest_first(
    alice: Person,
    carol: Person,
    reader: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    reader.follow(carol, mail="digest")
    let_an_hour_pass(tables)
    for author, title in ((alice, "one"), (carol, "two"), (alice, "three")):
        author.write(title)
    make_digests_due(tables)
    write_digests(services, tables)
    assert digests_of(mailer) == [("Bob", ["three", "two", "one"], 0)]
    alice.write("four")
    make_digests_due(tables)
    write_digests(services, tables)
    assert digests_of(mailer)[1:] == [("Bob", ["four"], 0)]


@pytest.mark.usefixtures("reader")
def test_without_news_there_is_no_digest(
    services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    make_digests_due(tables)
    write_digests(services, tables)
    assert digests_of(mailer) == []
    assert tables.value("select next_at > now() from digests")


def test_nothing_comes_before_its_time(
    alice: Person, reader: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    assert reader.patch(PREFERENCES, {"digest_time": "12:00"}).status_code == 200
    alice.write()
    let_an_hour_pass(tables)
    tables.execute("update digests set next_at = now() + interval '1 minute'")
    write_digests(services, tables)
    assert digests_of(mailer) == []


@pytest.mark.usefixtures("reader")
def test_a_long_day_is_cut_and_the_rest_counted(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    for number in range(23):
        alice.write(f"post {number}")
    make_digests_due(tables)
    write_digests(services, tables)
    ((_, titles, more),) = digests_of(mailer)
    assert (titles, more) == ([f"post {number}" for number in range(22, 2, -1)], 3)


def test_what_the_reader_has_opened_is_left_out(
    alice: Person, reader: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    opened, other = alice.write("opened"), alice.write("other")
    for _ in range(2):
        assert reader.put(f"/posts/{opened['id']}/opened").status_code == 200
    make_digests_due(tables)
    # Between the moment it is due and the moment it is sent.
    assert not write_due_digests(services.database)
    assert reader.put(f"/posts/{other['id']}/opened").status_code == 200
    do_queued_jobs(services)
    assert digests_of(mailer) == []
    assert tables.rows("select state, skipped_reason from deliveries") == [("skipped", "opened")]


@pytest.mark.usefixtures("reader")
def test_a_post_that_is_deleted_before_the_digest_leaves_is_not_in_it(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    gone, _ = alice.write("gone"), alice.write("stays")
    make_digests_due(tables)
    assert not write_due_digests(services.database)
    alice.delete(f"/posts/{gone['id']}")
    do_queued_jobs(services)
    assert digests_of(mailer) == [("Bob", ["stays"], 0)]


@pytest.mark.parametrize(
    "change",
    [
        "update users set suspended_at = now() where username = 'Alice'",
        "update users set suspended_at = now() where username = 'Bob'",
        "update users set email_confirmed_at = null where username = 'Bob'",
        "insert into suppressed_addresses values ('bob@decoupled.dev', 'bounced')",
        (
            "insert into notification_preferences (user_id, notify_about)"
            " select id, 'nobody' from users where username = 'Bob'"
        ),
        (
            "insert into notification_preferences (user_id, paused_until)"
            " select id, now() + interval '1 day' from users where username = 'Bob'"
        ),
        "update follows set mail = 'none'",
        "update follows set mail = 'immediate'",
        "delete from follows",
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.usefixtures("reader")
def test_whom_no_mail_should_reach_gets_no_digest(
    alice: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
    change: str,
    is_late: bool,
) -> None:
    alice.write()
    do_queued_jobs(services)
    make_digests_due(tables)
    if not is_late:
        tables.execute(change)
    assert not write_due_digests(services.database)
    if is_late:
        tables.execute(change)
    do_queued_jobs(services)
    assert digests_of(mailer) == []


def test_a_post_that_was_mailed_at_once_is_not_in_a_digest_as_well(
    alice: Person, reader: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    alice.write("for @Bob")
    reader.follow(alice, mail="immediate")
    alice.write("at once")
    do_queued_jobs(services)
    reader.follow(alice, mail="digest")
    alice.write("later")
    make_digests_due(tables)
    write_digests(services, tables)
    assert digests_of(mailer) == [("Bob", ["later"], 0)]


@pytest.mark.usefixtures("reader")
def test_a_post_that_becomes_visible_late_is_in_the_next_digest(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    alice.write("early")
    make_digests_due(tables)
    alice.write("just now")
    write_digests(services, tables)
    make_digests_due(tables)
    write_digests(services, tables)
    assert digests_of(mailer) == [("Bob", ["early"], 0), ("Bob", ["just now"], 0)]


def test_every_try_of_a_digest_sends_the_same_bytes_under_the_same_key(
    alice: Person, reader: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    alice.write("first words")
    make_digests_due(tables)
    write_digests(services, tables)
    # As after a crash between the mailer's answer and our commit.
    tables.execute("update delivery_chunks set state = 'waiting'")
    tables.execute("update procrastinate_jobs set status = 'todo' where queue_name = 'delivery'")
    tables.execute("update posts set title = 'Changed meanwhile'")
    do_queued_jobs(services)
    first, again = mailer.sent("digest")
    assert first.SerializeToString(deterministic=True) == again.SerializeToString(
        deterministic=True
    )
    assert first.idempotency_key.startswith(f"digest/{reader.id}/")


def test_workers_that_write_digests_at_once_send_each_of_them_once(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 1_234)
    tables.execute("update follows set mail = 'digest'")
    let_an_hour_pass(tables)
    alice.write()
    make_digests_due(tables)
    together = threading.Barrier(3)

    def write() -> None:
        together.wait()
        while write_due_digests(services.database):
            pass

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(write) for _ in range(3)]:
            done.result()
    do_queued_jobs(services)
    told = sorted(username for username, _, _ in digests_of(mailer))
    assert told == sorted(f"follower{number}" for number in range(1, 1_235))
    assert all(len(sent.recipients) <= 100 for sent in mailer.sent("digest"))


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
@pytest.mark.usefixtures("reader")
def test_a_clock_that_jumps_sends_no_second_digest(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer, jump: timedelta
) -> None:
    alice.write("one")
    make_digests_due(tables)
    write_digests(services, tables)
    next_at = tables.value("select next_at from digests")
    alice.write("two")
    # The clock is ahead, or behind, by an hour: for the tables that is the same as everything
    # having happened earlier, or later.
    for table, columns in {
        "digests": ("last_at", "news_since"),
        "posts": ("created_at",),
        "follows": ("created_at",),
    }.items():
        for column in columns:
            tables.execute(f"update {table} set {column} = {column} - %s", jump)
    # Whatever it says now, the next one is for tomorrow.
    tables.execute("update digests set next_at = greatest(next_at - %s, now() + '1 minute')", jump)
    write_digests(services, tables)
    assert digests_of(mailer) == [("Bob", ["one"], 0)]
    assert next_at > datetime.now(UTC)


def test_after_an_outage_of_days_there_is_one_digest(
    alice: Person, reader: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    del reader
    alice.write("long ago")
    make_digests_due(tables)
    tables.execute("update digests set next_at = now() - interval '5 days'")
    for _ in range(3):
        write_digests(services, tables)
    assert digests_of(mailer) == [("Bob", ["long ago"], 0)]
    assert tables.value("select next_at > now() from digests")


def test_a_digest_comes_at_the_same_time_of_day_over_a_change_of_the_clocks(
    tables: Tables,
) -> None:
    zone = "Europe/Madrid"
    moment = local(zone, 2026, 3, 27, 8, 0)
    days = []
    for _ in range(4):
        moment = tables.value(NEXT, "08:00", zone, moment)
        days.append(moment)
    assert days == [local(zone, 2026, 3, day, 8, 0) for day in (28, 29, 30, 31)]
    assert days[1] - days[0] == timedelta(hours=23)


@pytest.mark.parametrize(
    ("zone", "time", "year"),
    [
        ("Europe/Madrid", "02:30", 2026),
        ("America/New_York", "01:30", 2026),
        ("Australia/Lord_Howe", "01:45", 2026),
        ("Africa/Casablanca", "02:30", 2026),
        ("Asia/Kathmandu", "00:00", 2026),
        ("Pacific/Apia", "23:59", 2011),
    ],
)
def test_there_is_one_digest_on_each_day_that_a_place_has(
    tables: Tables, zone: str, time: str, year: int
) -> None:
    moment = tables.value(NEXT, time, zone, datetime(year, 1, 1, tzinfo=UTC))
    days = set()
    while moment.astimezone(ZoneInfo(zone)).year <= year:
        following = tables.value(NEXT, time, zone, moment)
        assert following > moment
        day = moment.astimezone(ZoneInfo(zone)).date()
        assert day not in days
        days.add(day)
        moment = following
    # Apia went from the 29th of December 2011 to the 31st.
    assert len([day for day in days if day.year == year]) in (364, 365)


def test_a_time_zone_that_is_gone_is_taken_for_utc(tables: Tables) -> None:
    gone = tables.value(NEXT, "08:00", "Europe/Nowhere", MOMENT)
    assert gone == MOMENT + timedelta(hours=8)


def test_choosing_another_time_moves_the_next_digest(reader: Person, tables: Tables) -> None:
    reader.patch(PREFERENCES, {"digest_time": "18:30", "time_zone": "Asia/Kathmandu"})
    next_at = tables.value("select next_at from digests").astimezone(ZoneInfo("Asia/Kathmandu"))
    assert (next_at.hour, next_at.minute) == (18, 30)
    assert timedelta() < next_at - datetime.now(UTC) <= timedelta(days=1)


def test_choosing_another_time_brings_no_second_digest_soon(reader: Person, tables: Tables) -> None:
    tables.execute("update digests set last_at = now() - interval '1 minute'")
    soon = datetime.now(UTC) + timedelta(hours=1)
    reader.patch(PREFERENCES, {"digest_time": f"{soon:%H:%M}"})
    next_at = tables.value("select next_at from digests")
    assert next_at - datetime.now(UTC) > timedelta(hours=12)


def test_choosing_another_time_does_not_lose_a_digest_that_is_due(
    reader: Person, tables: Tables
) -> None:
    make_digests_due(tables)
    reader.patch(PREFERENCES, {"digest_time": "18:30"})
    assert tables.value("select next_at <= now() from digests")


def test_a_chunk_of_digests_is_what_the_mailer_takes_in_one_call() -> None:
    readers = [_reader(posts=20) for _ in range(120)] + [_reader(posts=0) for _ in range(130)]
    chunks = list(in_chunks(readers))
    assert [reader for chunk in chunks for reader in chunk] == readers
    for chunk in chunks:
        assert len(chunk) <= 100
        assert len({each for reader in chunk for each in reader.news.post_ids}) <= (
            MOST_POSTS_IN_A_CHUNK
        )
    assert len(chunks) == 4


def _reader(posts: int) -> DigestReader:
    news = News([uuid4() for _ in range(posts)], 0)
    return DigestReader(Due(uuid4(), MOMENT, MOMENT, MOMENT), "x@decoupled.dev", news)


def test_a_reader_ends_the_digest_with_its_link(
    alice: Person,
    carol: Person,
    reader: Person,
    visitor: Browser,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    reader.follow(carol)
    alice.write()
    make_digests_due(tables)
    write_digests(services, tables)
    (sent,) = mailer.sent("digest")
    path = sent.recipients[0].unsubscribe_url.removeprefix(f"{services.settings.public_url}/api")
    assert visitor.get(path).get_json()["data"] == {"about": "digest", "author_username": None}
    for _ in range(2):
        assert visitor.post(path).status_code == 200
    alice.write()
    make_digests_due(tables)
    write_digests(services, tables)
    assert len(digests_of(mailer)) == 1
    follows = "select users.username, mail from follows join users on users.id = author_id"
    assert sorted(tables.rows(follows)) == [("Alice", "none"), ("Carol", "immediate")]
