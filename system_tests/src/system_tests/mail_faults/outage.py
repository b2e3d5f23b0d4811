"""R6: Resend is away for six hours. Who posts does not notice; nothing is tried too long."""

import time
from statistics import quantiles

from system_tests.mail_faults.newsroom import Newsroom
from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.mail_house.readers import add_members
from system_tests.visitor import Visitor
from system_tests.waiting import wait_until

POSTS, FEW_POSTS = 40, 6
TIMED_POSTS, FEW_TIMED_POSTS = 200, 30
MOST_SLOWDOWN = 1.5
AWAY = {"answer": "reset", "times": 100_000}

_AGE = """
    update procrastinate_jobs set scheduled_at = scheduled_at - %(age)s::interval;
    update delivery_chunks set first_tried_at = first_tried_at - %(age)s::interval"""
_WAITING = "select count(*) from delivery_chunks where state = 'waiting'"
_TRIED = (
    "select count(*) from delivery_chunks where state = 'waiting' and first_tried_at is not null"
)
_FAILED = "select count(*) from delivery_chunks where state = 'failed'"


def outage(house: House, *, short: bool) -> Outcome:
    outcome = Outcome("R6", "Resend away for 6 hours (the clock is moved)")
    with Newsroom(house, 3) as newsroom, Newsroom(house, 1) as quiet:
        newsroom.wait_until_done([])
        count = FEW_TIMED_POSTS if short else TIMED_POSTS
        before = _p99_of_posts(quiet, count)
        newsroom.wait_until_done([])
        house.resend.misbehave(AWAY)
        titles = [newsroom.post() for _ in range(FEW_POSTS if short else POSTS)]
        outcome.runs = len(titles)
        _compare_posting(outcome, before, _p99_of_posts(quiet, count), short=short)
        _pass_time(house, "6 h")
        house.resend.behave()
        began = time.monotonic()
        _reset_code_goes_first(house, outcome)
        newsroom.wait_until_done(titles)
        outcome.recovery_seconds.append(time.monotonic() - began)
        outcome.lost, outcome.duplicated = newsroom.lost_and_doubled(titles)
        _nothing_is_tried_after_20_hours(house, newsroom, outcome)
    return outcome


def _compare_posting(outcome: Outcome, before: float, meanwhile: float, *, short: bool) -> None:
    slowdown = meanwhile / before
    outcome.notes.append(
        f"p99 of posting {before:.0f} ms before, {meanwhile:.0f} ms meanwhile: {slowdown:.1f}x"
    )
    outcome.expect(short or slowdown <= MOST_SLOWDOWN, "posting was slower meanwhile")


def _p99_of_posts(newsroom: Newsroom, count: int) -> float:
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        newsroom.post()
        taken.append((time.perf_counter() - began) * 1000)
    return quantiles(taken, n=100)[98]


def _pass_time(house: House, age: str) -> None:
    with house.connect() as connection:
        for statement in _AGE.split(";"):
            connection.execute(statement, {"age": age})


def _reset_code_goes_first(house: House, outcome: Outcome) -> None:
    waiting = house.number(_WAITING)
    with house.connect() as connection:
        (address,) = add_members(connection, 1)
    with Visitor(house.url) as visitor:
        visitor.send_reset_token(address)
    wait_until(lambda: house.resend.accepted_by(address), "the reset code is sent", 120)
    left = house.number(_WAITING)
    outcome.notes.append(f"a reset code was sent while {left} of {waiting} chunks still waited")
    outcome.expect(left > 0 or waiting < 10, "the reset code came after the backlog")


def _nothing_is_tried_after_20_hours(house: House, newsroom: Newsroom, outcome: Outcome) -> None:
    house.resend.misbehave(AWAY)
    title = newsroom.post()
    wait_until(lambda: house.number(_TRIED), "the chunk was tried", 120)
    house.workers[0].kill()
    calls = len(house.resend.calls())
    _pass_time(house, "20 h 1 min")
    house.resend.behave()
    house.workers[0].start()
    wait_until(lambda: house.number(_FAILED), "the chunk is given up", 120)
    outcome.expect(len(house.resend.calls()) == calls, "it was tried after 20 hours")
    outcome.expect(not newsroom.received(title), "it was sent after 20 hours")
    with house.connect() as connection:
        connection.execute("delete from delivery_chunks where state = 'failed'")
