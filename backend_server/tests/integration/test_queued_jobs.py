import uuid

from backend_database import Tables
from backend_people import Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_server import jobs
from backend_server.database import psycopg_connection
from backend_server.notifications.use_cases import FAN_OUT_POST
from backend_server.services import Services


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


def test_a_post_that_is_rolled_back_leaves_no_job(
    alice: Person, services: Services, tables: Tables
) -> None:
    with services.database.transaction() as session:
        psycopg_connection(session).execute(
            "insert into posts (author_id, title, content) values (%s, 'A title', 'Content')",
            [uuid.UUID(alice.id)],
        )
        jobs.defer(session, FAN_OUT_POST, queue=jobs.FAN_OUT, post_id="any")
    assert tables.count("posts") == 0
    assert tables.queued(FAN_OUT_POST) == 0


def test_a_post_comes_with_one_job_that_tells_its_readers(alice: Person, tables: Tables) -> None:
    post = alice.write()
    queued = tables.rows("select task_name, queue_name, args from procrastinate_jobs")
    assert (FAN_OUT_POST, jobs.FAN_OUT, {"post_id": post["id"]}) in queued
    assert tables.queued(FAN_OUT_POST) == 1


def test_a_job_says_what_it_is_for(services: Services, tables: Tables) -> None:
    with services.database.transaction() as session:
        job_id = jobs.defer(session, "a task", queue="a queue", priority=3, name="value")
        session.commit()
    query = "select id, task_name, queue_name, priority, args, lock from procrastinate_jobs"
    assert tables.rows(query) == [(job_id, "a task", "a queue", 3, {"name": "value"}, None)]
