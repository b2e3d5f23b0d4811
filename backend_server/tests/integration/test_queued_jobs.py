import json

import psycopg
from backend_database import Tables
from backend_people import Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_server import jobs
from backend_server.notifications.use_cases import FAN_OUT_POST
from backend_server.services import Services


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(count=st.integers(0, 5), commits=st.booleans())
def test_jobs_exist_exactly_when_their_transaction_commits(
    services: Services, tables: Tables, count: int, commits: bool
) -> None:
    before = tables.count("procrastinate_jobs")
    with services.database.transaction() as session:
        job_ids = jobs.defer_each(
            session, "a task", [{"number": number} for number in range(count)], queue="a queue"
        )
        if commits:
            session.commit()
    assert len(set(job_ids)) == count
    assert tables.count("procrastinate_jobs") - before == (count if commits else 0)


def test_a_job_that_cannot_be_queued_takes_the_post_with_it(alice: Person, tables: Tables) -> None:
    tables.execute("alter table procrastinate_jobs add check (queue_name <> 'fan_out')")
    answer = alice.post("/posts", {"title": "A title", "content": "Some content"})
    assert answer.status_code == 500
    assert tables.count("posts") == 0
    assert tables.rows("select 1 from changes where kind = 'post'") == []


def test_a_post_comes_with_one_job_that_tells_its_readers(alice: Person, tables: Tables) -> None:
    post = alice.write()
    queued = tables.rows("select task_name, queue_name, args - 'origin' from procrastinate_jobs")
    assert (FAN_OUT_POST, jobs.FAN_OUT, {"post_id": post["id"]}) in queued
    assert tables.queued(FAN_OUT_POST) == 1


def test_a_job_carries_the_id_of_the_request_that_caused_it(alice: Person, tables: Tables) -> None:
    answer = alice.post("/posts", {"title": "A title", "content": "Some content"})
    (origin,) = tables.rows(
        "select args -> 'origin' ->> 0 from procrastinate_jobs where queue_name = 'fan_out'"
    )
    assert origin == (answer.headers["X-Request-ID"],)


def test_a_post_is_announced_to_who_waits_for_it(alice: Person, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("listen changes")
        listener.execute('listen "procrastinate_queue_v1#fan_out"')
        alice.write()
        news = {each.channel: each.payload for each in listener.notifies(timeout=60, stop_after=2)}
    assert news["changes"] == ""
    assert json.loads(news["procrastinate_queue_v1#fan_out"])["type"] == "job_inserted"


def test_a_job_says_what_it_is_for(services: Services, tables: Tables) -> None:
    with services.database.transaction() as session:
        job_id = jobs.defer(session, "a task", queue="a queue", priority=3, name="value")
        session.commit()
    query = """
        select id, task_name, queue_name, priority, args - 'origin', lock from procrastinate_jobs"""
    assert tables.rows(query) == [(job_id, "a task", "a queue", 3, {"name": "value"}, None)]
