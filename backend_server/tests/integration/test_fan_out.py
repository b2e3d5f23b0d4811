import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from backend_server.database import psycopg_connection
from backend_server.notifications import queries
from backend_server.notifications.digests import write_due_digests
from backend_server.notifications.fan_out import (
    DELIVER_CHUNK,
    READERS_AT_ONCE,
    freeze_next_chunks,
)
from backend_server.notifications.links import MailLinks
from backend_server.services import Services

# By this transaction so far.
_ROWS_READ = """
    select sum(seq_tup_read + idx_tup_fetch) from pg_stat_xact_user_tables
    where relname in ('users', 'follows')"""


@pytest.fixture
def links(services: Services) -> MailLinks:
    return MailLinks(services.settings.public_url, services.settings.link_key)


def freeze_all(services: Services, links: MailLinks, post: dict[str, str]) -> int:
    """Returns how many steps it took."""
    steps = 1
    while freeze_next_chunks(services.database, links, uuid.UUID(post["id"])):
        steps += 1
    return steps


def test_every_follower_is_told_once_in_chunks_of_a_hundred(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 2_345)
    post = alice.write("News")
    do_queued_jobs(services)
    told = [each.address for sent in mailer.sent("new_post") for each in sent.recipients]
    assert sorted(told) == sorted(f"follower{number}@decoupled.dev" for number in range(1, 2_346))
    assert {len(sent.recipients) for sent in mailer.sent("new_post")} == {100, 45}
    assert len({sent.idempotency_key for sent in mailer.sent("new_post")}) == 24
    assert tables.rows("select state, count(*) from deliveries group by state") == [
        ("accepted", 2_345)
    ]
    assert tables.rows("select state, count(*) from delivery_chunks group by state") == [
        ("accepted", 24)
    ]
    assert len(tables.delivered_to(post["id"])) == 2_345


def test_a_fan_out_that_gets_on_is_not_given_up_however_often_its_workers_are_killed(
    alice: Person, services: Services, tables: Tables
) -> None:
    tables.add_followers("Alice", 1_001)
    alice.write()
    recovered = """
        insert into procrastinate_events (job_id, type)
        select id, 'retried' from procrastinate_jobs, generate_series(1, 4)
        where queue_name = 'fan_out'"""
    tables.execute(recovered)
    tables.execute("update procrastinate_jobs set attempts = 4")
    do_queued_jobs(services)
    assert tables.count("deliveries") == 1_001
    assert tables.value("select count(*) from procrastinate_events where type = 'retried'") == 0


def test_a_fan_out_that_stopped_goes_on_after_the_last_reader(
    alice: Person, services: Services, tables: Tables, links: MailLinks
) -> None:
    tables.add_followers("Alice", 1_250)
    post = alice.write()
    assert freeze_next_chunks(services.database, links, uuid.UUID(post["id"]))
    assert tables.count("deliveries") == READERS_AT_ONCE
    # As after a crash: from the beginning, for all it knows.
    assert freeze_all(services, links, post) == 2
    assert tables.count("deliveries") == 1_250
    assert tables.queued(DELIVER_CHUNK) == tables.count("delivery_chunks") == 13


def test_a_fan_out_that_runs_again_tells_nobody_twice(
    alice: Person, services: Services, tables: Tables, links: MailLinks
) -> None:
    tables.add_followers("Alice", 150)
    post = alice.write()
    freeze_all(services, links, post)
    freeze_all(services, links, post)
    assert tables.count("deliveries") == 150
    assert tables.queued(DELIVER_CHUNK) == 2


def test_two_workers_on_the_same_fan_out_tell_nobody_twice(
    alice: Person, services: Services, tables: Tables, links: MailLinks
) -> None:
    tables.add_followers("Alice", 3_000)
    post = alice.write()
    together = threading.Barrier(2)

    def freeze() -> None:
        together.wait()
        freeze_all(services, links, post)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(freeze) for _ in range(2)]:
            done.result()
    assert tables.count("deliveries") == 3_000
    assert tables.queued(DELIVER_CHUNK) == tables.count("delivery_chunks") == 30


def test_a_step_reads_little_more_than_the_readers_it_tells(
    alice: Person, services: Services, tables: Tables
) -> None:
    tables.add_followers("Alice", 20_000)
    tables.execute("analyze users, follows")
    post_id = uuid.UUID(alice.write()["id"])
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        post = queries.lock_post(connection, post_id)
        assert post is not None
        readers = queries.next_readers(connection, post, queries.BEFORE_ALL, 100)
        read = connection.execute(_ROWS_READ).fetchone()
    assert len(readers) == 100
    assert read is not None
    assert read[0] < 500


def test_a_step_that_fails_leaves_nothing_behind(
    alice: Person, services: Services, tables: Tables, links: MailLinks
) -> None:
    tables.add_followers("Alice", 10)
    post = alice.write()
    tables.execute("alter table deliveries add constraint never check (place < 5)")
    with pytest.raises(Exception, match="never"):
        freeze_next_chunks(services.database, links, uuid.UUID(post["id"]))
    assert tables.count("delivery_chunks") == 0
    assert tables.queued(DELIVER_CHUNK) == 0


def test_m3_an_address_that_is_not_confirmed_gets_no_mail_about_posts(
    alice: Person,
    bob: Person,
    carol: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    bob.follow(alice)
    carol.follow(alice, mail="digest")
    tables.execute("update digests set next_at = now(), news_since = now() - interval '1 day'")
    alice.write("For @Bob and @Carol")
    tables.execute("update follows set created_at = now() - interval '2 hours'")
    tables.execute("update posts set created_at = now() - interval '1 hour'")
    do_queued_jobs(services)
    write_due_digests(services.database)
    do_queued_jobs(services)

    assert tables.count("deliveries") == 0
    assert {sent.WhichOneof("mail") for sent in mailer.requests} <= {"confirm_email"}


def test_an_edit_tells_nobody_anew(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 3)
    post = alice.write("News")
    do_queued_jobs(services)
    alice.patch(f"/posts/{post['id']}", {"title": "Newer", "content": "All of it, @Bob"})
    do_queued_jobs(services)

    assert len(mailer.sent("new_post")) == 1
    assert mailer.sent("mention") == []


def test_a_post_deleted_while_its_chunks_wait_is_told_to_nobody(
    alice: Person, services: Services, tables: Tables, links: MailLinks, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 150)
    post = alice.write()
    freeze_all(services, links, post)
    alice.delete(f"/posts/{post['id']}")
    do_queued_jobs(services)

    assert mailer.sent("new_post") == []


def test_a_deleted_post_is_told_to_nobody(
    alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 10)
    post = alice.write()
    alice.delete(f"/posts/{post['id']}")
    do_queued_jobs(services)
    assert mailer.sent("new_post") == []


def test_only_confirmed_addresses_that_want_mail_at_once_get_it(
    alice: Person, bob: Person, carol: Person, services: Services, tables: Tables
) -> None:
    tables.add_followers("Alice", 6)
    bob.follow(alice)  # Whose address is not confirmed.
    tables.confirm_email("Carol")
    carol.follow(alice)
    set_mail = "update follows set mail = %s from users where id = follower_id and username = %s"
    tables.execute(set_mail, "digest", "follower1")
    tables.execute(set_mail, "none", "follower2")
    tables.execute(
        """insert into notification_preferences (user_id, notify_about)
           select id, 'nobody' from users where username = 'follower3'"""
    )
    tables.execute("insert into suppressed_addresses values ('follower4@decoupled.dev', 'bounced')")
    post = alice.write()
    do_queued_jobs(services)
    assert tables.delivered_to(post["id"]) == ["Carol", "follower5", "follower6"]


@pytest.mark.usefixtures("bob")
def test_who_wants_mail_about_everyone_gets_it_without_following(
    alice: Person, carol: Person, services: Services, tables: Tables
) -> None:
    tables.confirm_email("Alice", "Bob", "Carol")
    tables.execute(
        """insert into notification_preferences (user_id, notify_about)
           select id, 'everyone' from users"""
    )
    carol.follow(alice, mail="none")
    post = alice.write()
    do_queued_jobs(services)
    assert tables.delivered_to(post["id"]) == ["Bob"]


def test_who_follows_after_the_post_is_not_told_of_it(
    alice: Person, bob: Person, services: Services, tables: Tables
) -> None:
    tables.confirm_email("Bob")
    post = alice.write()
    bob.follow(alice)
    do_queued_jobs(services)
    assert tables.delivered_to(post["id"]) == []


def test_a_place_is_where_a_reader_stands_in_the_frozen_request(
    alice: Person, services: Services, tables: Tables, links: MailLinks
) -> None:
    tables.add_followers("Alice", 120)
    freeze_all(services, links, alice.write())
    for chunk_id, request in tables.rows("select id, request from delivery_chunks"):
        addresses = [each.address for each in SendMailRequest.FromString(request).recipients]
        query = "select email from deliveries where chunk_id = %s order by place"
        assert [email for (email,) in tables.rows(query, chunk_id)] == addresses
