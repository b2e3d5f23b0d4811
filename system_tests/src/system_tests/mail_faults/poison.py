"""R16: a job whose worker dies each time. It is given up, an operator sees it, the others flow."""

import time
from functools import partial

from system_tests.mail_faults.newsroom import Newsroom
from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.waiting import wait_until

MOST_DEATHS = 5
LONGEST_SECONDS = 180.0
# Longer than it takes to notice and to kill.
HANGS_SECONDS = 600

# Whoever takes the poisoned chunk hangs, and is killed then: before that, no timeout helps.
_HANG = """
    create function hang() returns trigger language plpgsql as
        'begin
            perform pg_sleep({seconds});
            return new;
        exception when query_canceled then
            perform pg_sleep({seconds});
            return new;
        end'"""
_POISON = """
    create trigger poison before update on delivery_chunks
        for each row when (new.post_id = '{post_id}') execute function hang()"""
_CURE = "drop trigger poison on delivery_chunks; drop function hang; delete from posts where id = "
_STATUS = """
    select count(*) from procrastinate_jobs jobs
    join delivery_chunks on args->>'chunk_id' = delivery_chunks.id::text
    where post_id = %s and jobs.status = %s::procrastinate_job_status and attempts >= %s"""
_END_HANGING = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where state = 'active' and query like '%update delivery_chunks%' and pid <> pg_backend_pid()"""


def poison(house: House, *, short: bool) -> Outcome:  # noqa: ARG001 - it is short anyway
    outcome = Outcome("R16", "a job whose worker dies each time")
    with Newsroom(house, 3) as newsroom:
        newsroom.wait_until_done([])
        house.workers[0].kill()
        post_id = newsroom.author.post_message("Poison").json()["data"]["id"]
        with house.connect() as connection:
            for statement in (_HANG, _POISON):
                filled_in = statement.format(seconds=HANGS_SECONDS, post_id=post_id)
                connection.execute(filled_in.encode())
            titles = _kill_until_given_up(house, newsroom, post_id, outcome)
            listed = house.operate("jobs", "list")
            outcome.expect("notifications.deliver_chunk" in listed, "the operator does not see it")
            for statement in f"{_CURE}'{post_id}'".split(";"):
                connection.execute(statement.encode())
            connection.execute("delete from procrastinate_jobs where status = 'failed'")
        newsroom.wait_until_done(titles)
        outcome.lost, outcome.duplicated = newsroom.lost_and_doubled(titles)
    outcome.notes.append(
        f"given up after {outcome.runs} deaths; the seconds are those of other mails"
    )
    return outcome


def _kill_until_given_up(
    house: House, newsroom: Newsroom, post_id: str, outcome: Outcome
) -> list[str]:
    """Returns the titles of the posts that were to reach their readers all the same."""
    titles = []
    while True:
        house.workers[0].start()
        _wait_until_taken_or_given_up(house, post_id, deaths=outcome.runs)
        began = time.monotonic()
        title = newsroom.post()
        titles.append(title)
        wait_until(partial(newsroom.is_told, title), "other mails flow", LONGEST_SECONDS)
        outcome.recovery_seconds.append(time.monotonic() - began)
        if house.number(_STATUS, post_id, "failed", 0) or outcome.runs == 2 * MOST_DEATHS:
            break
        house.workers[0].kill()
        with house.connect() as connection:
            connection.execute(_END_HANGING)
        outcome.runs += 1
    outcome.expect(outcome.runs == MOST_DEATHS, f"given up after {outcome.runs} deaths")
    return titles


def _wait_until_taken_or_given_up(house: House, post_id: str, deaths: int) -> None:
    """A killed worker's job counts as taken until it is recovered: each recovery is an attempt."""
    wait_until(
        lambda: (
            house.number(_STATUS, post_id, "doing", deaths)
            or house.number(_STATUS, post_id, "failed", deaths)
        ),
        "the poison is taken or given up",
        LONGEST_SECONDS,
    )
