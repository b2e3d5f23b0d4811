"""R3: kill -9 of the worker while it writes the chunks of a post."""

import random
import time

from system_tests.mail_faults.newsroom import Newsroom
from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.waiting import wait_until

FOLLOWERS, FEW_FOLLOWERS = 100_000, 4_000
KILLS, FEW_KILLS = 10, 2
READERS_IN_A_CHUNK = 100
LONGEST_SECONDS = 600.0

_CHUNKS = """
    select count(*) from delivery_chunks join posts on posts.id = post_id where title = %s"""
_DOUBLED = """
    select count(*) - count(distinct (post_id, member_id)) from deliveries"""
_MISSED = """
    select count(*) from follows
    where not exists (select from deliveries where member_id = follower_id)"""
_FORGET = """
    delete from procrastinate_jobs where status = 'todo';
    delete from delivery_chunks; delete from follows"""


def killed_fan_out(house: House, *, short: bool) -> Outcome:
    followers = FEW_FOLLOWERS if short else FOLLOWERS
    outcome = Outcome("R3", f"worker killed in a fan-out to {followers:,} followers")
    outcome.longest_recovery_seconds = 90.0
    # Only the fan-out is looked at.
    house.mailers[0].stop()
    with Newsroom(house, followers) as newsroom:
        title = newsroom.post()
        written, all_chunks = 0, followers // READERS_IN_A_CHUNK
        for _ in range(FEW_KILLS if short else KILLS):
            _wait_for_more(house, title, written)
            time.sleep(random.uniform(0, 1))
            house.workers[0].kill()
            killed_at = time.monotonic()
            written = house.number(_CHUNKS, title)
            outcome.runs += 1
            if written == all_chunks:
                house.workers[0].start()
                break
            house.workers[0].start()
            _wait_for_more(house, title, written)
            outcome.recovery_seconds.append(time.monotonic() - killed_at)
        wait_until(
            lambda: house.number(_CHUNKS, title) >= all_chunks, "all is written", LONGEST_SECONDS
        )
        outcome.expect(
            house.number(_CHUNKS, title) == all_chunks, "not as many chunks as should be"
        )
        outcome.lost = house.number(_MISSED)
        outcome.duplicated = house.number(_DOUBLED)
    house.mailers[0].start()
    with house.connect() as connection:
        for statement in _FORGET.split(";"):
            connection.execute(statement)
    return outcome


def _wait_for_more(house: House, title: str, written: int) -> None:
    wait_until(lambda: house.number(_CHUNKS, title) > written, "it goes on", LONGEST_SECONDS)
