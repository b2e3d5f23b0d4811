"""R5: Resend answers with anything but what was hoped for; two workers, each with a mailer."""

import random
import time

import psycopg
import redis

from system_tests.fake_resend.misbehaviour import Order
from system_tests.mail_faults.newsroom import Newsroom
from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.visitor import Visitor
from system_tests.waiting import wait_until

POSTS, FEW_POSTS = 60, 8
SHARE_OF_FAULTS = 0.3
CALLS_PER_SECOND = 5
QUOTA_LOOK_SECONDS, SHORT_QUOTA_LOOK_SECONDS = 90.0, 15.0
PARKED_SECONDS = 15 * 60
LONGEST_SECONDS = 180.0
# Of the mailers, see docs/redis_schema.md.
PACE_KEY = "limits:mail_provider"

FAULTS: list[Order] = [
    {"answer": "rate_limited", "retry_after": 2},
    {"answer": "error", "status": 500, "name": "application_error"},
    {"answer": "error", "status": 409, "name": "concurrent_idempotent_requests"},
    {"answer": "html"},
    {"answer": "timeout_after_accept"},
    {"answer": "reset"},
    {"answer": "reset_after_accept"},
    {"answer": "slow", "seconds": 30},
]


def wrong_answers(house: House, *, short: bool) -> Outcome:
    outcome = Outcome("R5", "30 % of Resend's answers are wrong, late or missing")
    with Newsroom(house, 3) as newsroom:
        newsroom.wait_until_done([])
        calls_before = len(house.resend.calls())
        posts = FEW_POSTS if short else POSTS
        house.resend.misbehave(*_orders(2 * posts))
        titles = [newsroom.post() for _ in range(posts)]
        outcome.runs = posts
        newsroom.wait_until_done(titles)
        house.resend.behave()
        outcome.lost, outcome.duplicated = newsroom.lost_and_doubled(titles)
        outcome.expect(not newsroom.keys_with_several_bodies(), "other bytes under the same key")
        calls = house.resend.calls()[calls_before:]
        faults = sum(call.status != 200 for call in calls)
        most = most_in_a_second([call.at for call in calls])
        outcome.expect(most <= CALLS_PER_SECOND + 1, f"{most} calls in a second")
        outcome.notes.append(f"{len(calls)} calls, {faults} wrong, at most {most} in any second")
    return outcome


def used_up_quota(house: House, *, short: bool) -> Outcome:
    """Both lanes are parked, an operator can see why, and one call a quarter of an hour asks."""
    outcome = Outcome("R5", "quota used up: one probe in 15 minutes, then all is sent")
    with Newsroom(house, 3) as newsroom:
        newsroom.wait_until_done([])
        quota = {"answer": "error", "status": 429, "name": "daily_quota_exceeded", "times": 100}
        house.resend.misbehave(quota)
        before = len(house.resend.calls())
        titles = [newsroom.post() for _ in range(5)]
        with Visitor(house.url) as visitor:
            visitor.send_reset_token(newsroom.author.member.email)
        time.sleep(SHORT_QUOTA_LOOK_SECONDS if short else QUOTA_LOOK_SECONDS)
        asked = len(house.resend.calls()) - before
        outcome.expect(asked <= 2, f"{asked} calls after the quota was used up")
        with house.connect() as connection:
            paused = connection.execute("select queue, reason from paused_lanes").fetchall()
        outcome.expect(
            ("delivery", "daily_quota_exceeded") in paused, f"the operator sees {paused}"
        )
        outcome.notes.append(
            f"{asked} calls in the first minutes; the operator sees {sorted(paused)}"
        )
        _let_fifteen_minutes_pass(house)
        wait_until(lambda: len(house.resend.calls()) > before + asked, "a probe", LONGEST_SECONDS)
        time.sleep(SHORT_QUOTA_LOOK_SECONDS)
        probes = len(house.resend.calls()) - before - asked
        outcome.expect(probes == 1, f"{probes} probes in one quarter of an hour")
        house.resend.behave()
        _let_fifteen_minutes_pass(house)
        began = time.monotonic()
        wait_until(
            lambda: house.resend.calls()[-1].status == 200, "it is refilled", LONGEST_SECONDS
        )
        # Whoever asked while the probe was under way rests for another quarter of an hour.
        _let_fifteen_minutes_pass(house)
        newsroom.wait_until_done(titles)
        outcome.recovery_seconds.append(time.monotonic() - began)
        outcome.runs = len(titles)
        outcome.lost, outcome.duplicated = newsroom.lost_and_doubled(titles)
    return outcome


def most_in_a_second(times: list[float]) -> int:
    return max(sum(at <= other < at + 1 for other in times) for at in times)


def _orders(count: int) -> list[Order]:
    return [
        random.choice(FAULTS) if random.random() < SHARE_OF_FAULTS else {"answer": "normal"}
        for _ in range(count)
    ]


def _let_fifteen_minutes_pass(house: House) -> None:
    """For all that is written down; what a worker has in mind goes with the worker."""
    for worker in house.workers:
        worker.kill()
    with redis.Redis.from_url(house.valkey.url) as connection:
        connection.hincrbyfloat(PACE_KEY, "held_until", -PARKED_SECONDS)
    with house.connect() as connection:
        _age_jobs(connection, f"{PARKED_SECONDS} s")
    for worker in house.workers:
        worker.start()


def _age_jobs(connection: psycopg.Connection, age: str) -> None:
    connection.execute(
        "update procrastinate_jobs set scheduled_at = scheduled_at - %s::interval", [age]
    )
    connection.execute(
        "update delivery_chunks set first_tried_at = first_tried_at - %s::interval", [age]
    )
