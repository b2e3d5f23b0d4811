import signal
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import grpc
from backend_database import Tables
from backend_people import Person
from backend_programs import PATIENCE_SECONDS, Programs, until
from recording_mailer import RecordingMailer

from backend_server import jobs
from backend_server.notifications.fan_out import READERS_AT_ONCE
from backend_server.notifications.use_cases import FAN_OUT_POST
from backend_server.worker import LANES

MANY = 5 * READERS_AT_ONCE


def told(mailer: RecordingMailer) -> Counter[str]:
    """Address → under how many keys it was told of a post."""
    sent = {each.idempotency_key: each for each in mailer.sent("new_post")}
    return Counter(each.address for request in sent.values() for each in request.recipients)


def is_done(tables: Tables) -> bool:
    unfinished = "select count(*) from procrastinate_jobs where status <> 'succeeded'"
    return tables.value(unfinished) == 0


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_begun(
    alice: Person, tables: Tables, programs: Programs, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 1)
    mailer.held_kinds.add("new_post")
    alice.write()
    worker = programs.start_worker()
    until(lambda: mailer.sent("new_post"))
    worker.send(signal.SIGTERM)
    mailer.release()
    until(lambda: not worker.running)
    assert worker.exit_code == 0, worker.obituary()
    assert tables.value("select state from deliveries") == "accepted"
    assert is_done(tables)
    assert tables.count("procrastinate_workers") == 0


def test_an_idle_worker_stops_when_told_to(programs: Programs, tables: Tables) -> None:
    worker = programs.start_worker()
    until(lambda: tables.count("procrastinate_workers") == len(LANES))
    worker.stop(PATIENCE_SECONDS)
    assert worker.exit_code == 0, worker.obituary()


def test_a_worker_killed_in_a_fan_out_is_taken_over_and_nobody_is_told_twice(
    alice: Person, tables: Tables, programs: Programs, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", MANY)
    alice.write()
    for _ in range(3):
        before = tables.count("deliveries")
        worker = programs.start_worker()
        until(lambda seen=before: tables.count("deliveries") > seen or is_done(tables))
        worker.kill()
    programs.start_worker()
    until(lambda: is_done(tables))
    assert tables.count("delivery_chunks") == MANY / 100
    assert told(mailer) == {f"follower{number}@decoupled.dev": 1 for number in range(1, MANY + 1)}


def test_a_worker_killed_in_a_call_is_taken_over_with_the_same_bytes(
    alice: Person, tables: Tables, programs: Programs, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 1)
    mailer.held_kinds.add("new_post")
    alice.write()
    worker = programs.start_worker()
    until(lambda: mailer.sent("new_post"))
    worker.kill()
    mailer.release()
    programs.start_worker()
    until(lambda: is_done(tables))
    first, again = mailer.sent("new_post")
    assert first == again
    assert tables.rows("select state, accepted_id from deliveries") == [
        ("accepted", "follower1@decoupled.dev")
    ]


def test_account_mail_does_not_wait_behind_deliveries(
    alice: Person, tables: Tables, programs: Programs, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 500)
    mailer.held_kinds.add("new_post")
    alice.write()
    programs.start_worker()
    until(lambda: len(mailer.sent("new_post")) == LANES[jobs.DELIVERY])
    alice.post("/auth/send-reset-token", {"email": alice.email})
    until(lambda: mailer.sent("reset_code"))
    assert len(mailer.sent("new_post")) == LANES[jobs.DELIVERY]


def test_deliveries_pause_when_the_mailer_asks_for_it(
    alice: Person, tables: Tables, programs: Programs, mailer: RecordingMailer
) -> None:
    tables.add_followers("Alice", 5_000)
    programs.start_worker()
    until(lambda: mailer.sent("confirm_email"))
    # Without a delay named, that is a minute.
    mailer.failures.append(grpc.StatusCode.RESOURCE_EXHAUSTED)
    alice.write()
    put_off = "select count(*) from procrastinate_jobs where scheduled_at > now()"
    until(lambda: tables.value(put_off))
    alice.post("/auth/send-reset-token", {"email": alice.email})
    until(lambda: mailer.sent("reset_code"))
    untried = "select count(*) from delivery_chunks where first_tried_at is null"
    assert tables.value(untried) > 0


def test_a_job_whose_workers_keep_dying_is_given_up_and_others_are_not(
    alice: Person, tables: Tables, programs: Programs
) -> None:
    alice.write()
    programs.start_worker()
    until(lambda: is_done(tables))
    dies = "update procrastinate_jobs set status = 'doing', worker_id = null where task_name = %s"
    recovered = """
        select count(*) from procrastinate_events events
        join procrastinate_jobs jobs on jobs.id = job_id
        where events.type = 'retried' and task_name = %s"""
    for deaths in range(1, 5):
        tables.execute(dies, FAN_OUT_POST)
        until(lambda seen=deaths: tables.value(recovered, FAN_OUT_POST) == seen)
        until(lambda: is_done(tables))
    tables.execute(dies, FAN_OUT_POST)
    state = "select status from procrastinate_jobs where task_name = %s"
    until(lambda: tables.value(state, FAN_OUT_POST) == "failed")
    tables.execute("delete from procrastinate_jobs where task_name = %s", FAN_OUT_POST)
    alice.write()
    until(lambda: is_done(tables))


def test_every_follower_finds_one_mail_in_the_outbox(
    alice: Person, tables: Tables, programs: Programs, tmp_path: Path
) -> None:
    tables.add_followers("Alice", 250)
    alice.write("News for all")
    programs.start_worker(MAILER_ADDRESS=programs.start_mailer(tmp_path))
    until(lambda: is_done(tables))
    mails = [message_from_bytes(file.read_bytes()) for file in tmp_path.glob("*.eml")]
    news = Counter(mail["To"] for mail in mails if "News for all" in str(mail["Subject"]))
    assert news == {f"follower{number}@decoupled.dev": 1 for number in range(1, 251)}
