"""A digest comes once on each day, by the clocks of its reader's place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from backend_database import Tables
from backend_people import Person
from digest_days import digests_of, make_digests_due, write_digests
from recording_mailer import RecordingMailer

from backend_server.services import Services

PREFERENCES = "/notifications/preferences"
NEXT = "select next_digest_at(%s::time, %s, %s)"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def local(zone: str, *date_and_time: int) -> datetime:
    year, month, day, hour, minute = date_and_time
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


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
