"""M10: what the doctor of mail knows of our own side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from backend_database import Tables
from backend_people import Person

from backend_server.lane_pauses import note_pause
from backend_server.notifications import brake
from backend_server.notifications.doctor import Finding, examine
from backend_server.notifications.reputation import Reputation
from backend_server.notifications.warm_up import NO_WARM_UP, WarmUp
from backend_server.services import Services


def findings(services: Services, warm_up: WarmUp = NO_WARM_UP) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    with services.database.reading() as connection:
        for finding in examine(connection, warm_up):
            found.setdefault(finding.subject, []).append(finding)
    return found


def test_m10_where_all_is_well_there_is_nothing_to_do(services: Services) -> None:
    found = findings(services)

    assert list(found) == [
        "queue account_mail",
        "queue mail_events",
        "queue fan_out",
        "queue digests",
        "queue delivery",
        "reputation",
        "warm-up",
    ]
    assert {finding.level for each in found.values() for finding in each} == {"ok"}
    assert {finding.advice for each in found.values() for finding in each} == {""}


def test_m10_a_queue_that_is_behind_is_a_failure(
    alice: Person, services: Services, tables: Tables
) -> None:
    alice.post("/auth/send-reset-token", {"email": alice.email})
    [before] = findings(services)["queue account_mail"]
    tables.execute("update procrastinate_events set at = at - interval '31 seconds'")
    [after] = findings(services)["queue account_mail"]

    assert before.level == "ok"
    assert (after.level, after.found.split(",")[0]) == ("failure", before.found)
    assert after.advice


def test_m10_a_queue_that_is_paused_says_why(
    alice: Person, services: Services, tables: Tables
) -> None:
    alice.post("/auth/send-reset-token", {"email": alice.email})
    tables.execute("update procrastinate_events set at = at - interval '1 day'")
    note_pause(services.database, "account_mail", "the quota is used up", 900)

    [finding] = findings(services)["queue account_mail"]

    assert (finding.level, finding.advice) == ("warning", "the quota is used up")
    assert "paused until" in finding.found


def test_m10_jobs_that_were_given_up_are_warned_of(
    alice: Person, services: Services, tables: Tables
) -> None:
    alice.post("/auth/send-reset-token", {"email": alice.email})
    jobs = tables.count("procrastinate_jobs")
    tables.execute("update procrastinate_jobs set status = 'failed'")

    _, finding = findings(services)["queue account_mail"]

    assert (finding.level, finding.found) == ("warning", f"{jobs} of its jobs were given up")


@pytest.mark.parametrize(
    ("bounced", "complained", "level"),
    [(0, 0, "ok"), (401, 0, "failure"), (0, 9, "warning"), (0, 11, "warning"), (0, 30, "failure")],
)
def test_m8_the_doctor_tells_of_bounces_and_complaints(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    bounced: int,
    complained: int,
    level: str,
) -> None:
    monkeypatch.setattr(
        brake, "current_reputation", lambda _: Reputation(10_000, bounced, complained)
    )

    [finding] = findings(services)["reputation"]

    assert finding.level == level
    assert finding.found.endswith("of 10000 mails in 7 days")


def test_m10_the_doctor_tells_how_far_a_new_domain_is(services: Services) -> None:
    [finding] = findings(services, WarmUp(datetime.now(UTC).date(), (150, 250)))["warm-up"]

    assert finding.found == "0 of 150 mails sent today"
