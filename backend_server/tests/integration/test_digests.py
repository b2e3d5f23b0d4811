"""Each reader gets one digest a day, of what is news to them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

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

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


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
    assert reader.patch("/notifications/preferences", {"digest_time": "12:00"}).status_code == 200
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
