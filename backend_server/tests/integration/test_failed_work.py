"""What was given up is kept, shown to an operator, and done again when the operator says so."""

import subprocess
import sys
from collections.abc import Callable
from subprocess import CompletedProcess

import grpc
import pytest
from backend_database import Tables
from backend_people import Person
from backend_settings import ENVIRONMENT
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server import lane_pauses
from backend_server.config import Settings
from backend_server.services import Services
from backend_server.tries import TriedForTooLongError, check_not_tried_for_too_long

Operate = Callable[..., CompletedProcess[str]]


@pytest.fixture
def operate(settings: Settings) -> Operate:
    def run(*arguments: str) -> CompletedProcess[str]:
        environment = {
            **ENVIRONMENT,
            "PYTHONPATH": ":".join(sys.path),
            "DATABASE_URL": settings.database_url.reveal(),
            "REDIS_URL": settings.redis_url.reveal(),
            "MAILER_ADDRESS": str(settings.mailer_address),
        }
        command = [sys.executable, "-m", "backend_server", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def failed_chunk(alice: Person, services: Services, tables: Tables, mailer: RecordingMailer) -> str:
    tables.add_followers("Alice", 2)
    do_queued_jobs(services)
    mailer.failures.append(grpc.StatusCode.INVALID_ARGUMENT)
    alice.write()
    do_queued_jobs(services)
    return str(tables.value("select id from delivery_chunks where state = 'failed'"))


def test_failed_work_is_listed_with_its_reason(
    operate: Operate,
    alice: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    assert operate("jobs", "list").returncode == 0
    chunk_id = failed_chunk(alice, services, tables, mailer)
    tables.execute("update procrastinate_jobs set status = 'failed' where queue_name = 'fan_out'")
    lane_pauses.note_pause(services.database, "delivery", "daily_quota_exceeded", 900)

    listed = operate("jobs", "list")

    assert listed.returncode == 1, listed.stderr
    assert f"chunk {chunk_id} failed" in listed.stdout
    assert "2 readers: as the test asks" in listed.stdout
    assert "notifications.fan_out_post" in listed.stdout
    assert "delivery is paused since" in listed.stdout
    assert "daily_quota_exceeded" in listed.stdout


def test_a_chunk_that_was_refused_is_delivered_again(
    operate: Operate,
    alice: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    chunk_id = failed_chunk(alice, services, tables, mailer)
    done = operate("jobs", "deliver-again", chunk_id)
    assert done.returncode == 0, done.stderr
    do_queued_jobs(services)
    [sent] = mailer.sent("new_post")
    assert len(sent.recipients) == 2
    assert tables.rows("select distinct state from deliveries") == [("accepted",)]
    assert operate("jobs", "deliver-again", chunk_id).returncode == 1


def test_a_chunk_that_may_have_been_sent_is_sent_again_only_if_told_so(
    operate: Operate,
    alice: Person,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    chunk_id = failed_chunk(alice, services, tables, mailer)
    reason = "tried for too long: whether it was sent is unknown"
    tables.execute("update delivery_chunks set failed_reason = %s", reason)
    refused = operate("jobs", "deliver-again", chunk_id)
    assert refused.returncode == 1
    assert "may have this mail already" in refused.stderr
    assert operate("jobs", "deliver-again", chunk_id, "--may-send-twice").returncode == 0
    do_queued_jobs(services)
    [sent] = mailer.sent("new_post")
    assert sent.idempotency_key != f"new_post/{tables.value('select id from posts')}/0"


def test_failed_jobs_are_done_again_with_all_their_tries(
    operate: Operate, alice: Person, services: Services, tables: Tables, mailer: RecordingMailer
) -> None:
    do_queued_jobs(services)
    alice.post("/auth/send-reset-token", {"email": alice.email})
    failed = "update procrastinate_jobs set status = 'failed', attempts = 9 where status = 'todo'"
    tables.execute(failed)
    job_id = tables.value("select id from procrastinate_jobs where status = 'failed'")
    assert operate("jobs", "again", str(job_id + 1_000)).returncode == 1
    done = operate("jobs", "again", str(job_id))
    assert done.stdout == "1 jobs are queued again.\n", done.stderr
    assert tables.value("select attempts from procrastinate_jobs where status = 'todo'") == 0
    do_queued_jobs(services)
    assert len(mailer.sent("reset_code")) == 1
    assert operate("jobs", "again").returncode == 1


def test_a_job_may_not_be_tried_for_longer_than_20_hours(
    services: Services, tables: Tables
) -> None:
    tables.execute("insert into procrastinate_jobs (queue_name, task_name) values ('q', 't')")
    job_id = tables.value("select id from procrastinate_jobs")
    check_not_tried_for_too_long(services.database, job_id)
    started = """
        insert into procrastinate_events (job_id, type, at)
        values (%s, 'started', now() - %s::interval)"""
    tables.execute(started, job_id, "19 h 59 min")
    check_not_tried_for_too_long(services.database, job_id)
    tables.execute(started, job_id, "20 h 1 min")
    with pytest.raises(TriedForTooLongError):
        check_not_tried_for_too_long(services.database, job_id)


def test_a_pause_lasts_as_long_as_tries_fail(services: Services, tables: Tables) -> None:
    lane_pauses.note_pause(services.database, "delivery", "quota", 900)
    tables.execute("update paused_lanes set since = since - interval '1 h'")
    lane_pauses.note_pause(services.database, "delivery", "quota", 900)
    with services.database.reading() as connection:
        [pause] = lane_pauses.paused_lanes(connection)
    assert (pause.until - pause.since).total_seconds() > 3600
    lane_pauses.forget_pause(services.database, "delivery")
    with services.database.reading() as connection:
        assert lane_pauses.paused_lanes(connection) == []
