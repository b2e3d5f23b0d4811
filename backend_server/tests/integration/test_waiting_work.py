"""What the worker tells Prometheus of queues and sessions."""

from __future__ import annotations

import pytest
from backend_database import Tables
from backend_people import Person

from backend_server import lane_pauses
from backend_server.notifications import brake
from backend_server.notifications.reputation import Reputation
from backend_server.services import Services
from backend_server.waiting_work import WaitingWork


@pytest.fixture
def work(services: Services) -> WaitingWork:
    return WaitingWork(services, ["fan_out", "delivery"])


def figures(work: WaitingWork) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("queue", "")): sample.value
        for metric in work.collect()
        for sample in metric.samples
    }


def test_jobs_that_wait_are_counted_from_when_the_oldest_was_queued(
    work: WaitingWork, alice: Person, tables: Tables
) -> None:
    alice.write("First")
    alice.write("Second")
    tables.execute("update procrastinate_events set at = at - interval '90 s'")
    told = figures(work)
    assert told["jobs_waiting", "fan_out"] == 2
    assert told["jobs_oldest_seconds", "fan_out"] >= 90
    assert told["jobs_waiting", "delivery"] == 0
    assert told["jobs_oldest_seconds", "delivery"] == 0


def test_a_job_that_is_not_due_yet_does_not_wait(
    work: WaitingWork, alice: Person, tables: Tables
) -> None:
    alice.write()
    tables.execute("update procrastinate_jobs set scheduled_at = now() + interval '1 h'")
    assert figures(work)["jobs_waiting", "fan_out"] == 0


def test_jobs_that_were_given_up_are_counted(
    work: WaitingWork, alice: Person, tables: Tables
) -> None:
    alice.write()
    assert figures(work)["jobs_given_up", ""] == 0
    tables.execute("update procrastinate_jobs set status = 'failed' where queue_name = 'fan_out'")
    assert figures(work)["jobs_given_up", ""] == 1


def test_a_queue_that_waits_for_the_mail_provider_is_told(
    work: WaitingWork, services: Services
) -> None:
    lane_pauses.note_pause(services.database, "delivery", "daily_quota_exceeded", seconds=900)
    told = figures(work)
    assert (told["jobs_paused", "delivery"], told["jobs_paused", "fan_out"]) == (1, 0)
    lane_pauses.forget_pause(services.database, "delivery")
    assert figures(work)["jobs_paused", "delivery"] == 0


def test_signed_in_browsers_are_counted(work: WaitingWork, alice: Person) -> None:
    before = figures(work)["sessions", ""]
    phone = alice.in_another_browser().log_in()
    assert figures(work)["sessions", ""] == before + 1
    phone.post("/auth/logout", {})
    assert figures(work)["sessions", ""] == before


def test_m8_the_rates_of_complaints_and_bounces_are_told_with_what_follows(
    work: WaitingWork, tables: Tables
) -> None:
    assert figures(work)["mail_verdict", ""] == 0
    tables.execute("insert into accepted_mails values (date_trunc('hour', now()), 1000)")
    told = figures(work)
    assert (told["mail_complaint_rate", ""], told["mail_bounce_rate", ""]) == (0, 0)


@pytest.mark.parametrize(("complained", "verdict"), [(0, 0), (9, 1), (11, 2), (30, 3)])
def test_m8_a_verdict_is_a_figure(
    work: WaitingWork, monkeypatch: pytest.MonkeyPatch, complained: int, verdict: int
) -> None:
    monkeypatch.setattr(brake, "current_reputation", lambda _: Reputation(10_000, 0, complained))
    told = figures(work)
    assert told["mail_complaint_rate", ""] == complained / 10_000
    assert told["mail_verdict", ""] == verdict
