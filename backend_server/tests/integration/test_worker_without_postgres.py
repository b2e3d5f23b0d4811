from collections.abc import Iterator

import psycopg
import pytest
from backend_database import Tables
from backend_people import Person
from backend_programs import Programs, until
from local_stack.postgres import Postgres, running_postgres
from recording_mailer import RecordingMailer

from backend_server.config import Secret
from backend_server.migrations import migrate


@pytest.fixture
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One that only this test restarts."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def database_url(own_postgres: Postgres) -> str:
    migrate(Secret(own_postgres.url))
    return own_postgres.url


def test_a_worker_lives_through_a_crash_of_postgres(
    alice: Person,
    own_postgres: Postgres,
    database_url: str,
    programs: Programs,
    mailer: RecordingMailer,
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        Tables(connection).add_followers("Alice", 1)
    mailer.held_kinds.add("new_post")
    alice.write("Before")
    worker = programs.start_worker()
    until(lambda: mailer.sent("new_post"))
    own_postgres.stop("immediate")
    mailer.release()
    own_postgres.start()
    until(lambda: alice.post("/posts", {"title": "After", "content": "c"}).status_code == 201)
    until(lambda: {sent.new_post.title for sent in mailer.sent("new_post")} == {"Before", "After"})
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = Tables(connection)
        unfinished = "select count(*) from procrastinate_jobs where status <> 'succeeded'"
        until(lambda: tables.value(unfinished) == 0)
        assert tables.rows("select distinct state from deliveries") == [("accepted",)]
    assert worker.running
