from __future__ import annotations

import threading
from pathlib import Path
from uuid import uuid4

import procrastinate
import psycopg
from local_stack.postgres import Postgres

from backend_server.config import Secret
from backend_server.migrations import REVISION_POLL_SECONDS, migrate, wait_for_newest

WHAT_IS_THERE = """
    select 'relation', oid::regclass::text from pg_class
        where relnamespace in ('public'::regnamespace, to_regnamespace('published'))
        and relname not like 'alembic_version%'
    union all
    select 'function', oid::regprocedure::text from pg_proc
        where pronamespace = 'public'::regnamespace
    union all
    select 'type', typname from pg_type where typnamespace = 'public'::regnamespace
        and typtype in ('e', 'd')
    order by 1, 2
"""


def what_is_there(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(WHAT_IS_THERE).fetchall()


def test_all_the_way_up_down_and_up_again(postgres: Postgres) -> None:
    url = postgres.create_database(f"migrations_{uuid4().hex}")
    empty = what_is_there(url)
    migrate(Secret(url))
    full = what_is_there(url)
    assert ("relation", "procrastinate_jobs") in full
    assert ("relation", "published.posts") in full
    migrate(Secret(url), "base")
    assert what_is_there(url) == empty
    migrate(Secret(url))
    assert what_is_there(url) == full


def test_one_step_back_and_forward(postgres: Postgres) -> None:
    url = postgres.create_database(f"migrations_{uuid4().hex}")
    migrate(Secret(url), "0001")
    before_jobs = what_is_there(url)
    migrate(Secret(url), "0002")
    migrate(Secret(url), "0001")
    assert what_is_there(url) == before_jobs
    assert ("relation", "posts") in before_jobs


def test_new_code_waits_for_the_newest_schema(postgres: Postgres) -> None:
    url = postgres.create_database(f"migrations_{uuid4().hex}")
    migrate(Secret(url), "0001")
    waiting = threading.Thread(target=wait_for_newest, args=[Secret(url)])
    waiting.start()
    # Longer than it takes to look: it must have looked and gone on waiting.
    waiting.join(2 * REVISION_POLL_SECONDS)
    assert waiting.is_alive()
    migrate(Secret(url))
    waiting.join()


def test_old_code_does_not_wait_for_a_schema_that_is_newer(postgres: Postgres) -> None:
    url = postgres.create_database(f"migrations_{uuid4().hex}")
    migrate(Secret(url))
    with psycopg.connect(url) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    wait_for_newest(Secret(url))


def test_two_that_start_at_once_do_not_disturb_each_other(postgres: Postgres) -> None:
    url = postgres.create_database(f"migrations_{uuid4().hex}")
    errors: list[BaseException] = []

    def run() -> None:
        try:
            migrate(Secret(url))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert ("relation", "posts") in what_is_there(url)


def test_the_job_queue_is_that_of_the_installed_procrastinate() -> None:
    """When this fails, a migration of ours must run the newer files, and this name be updated."""
    folder = Path(procrastinate.__file__).parent / "sql" / "migrations"
    newest = max(file.name for file in folder.glob("*.sql"))
    assert newest == "03.04.00_50_post_add_retry_failed_job_procedure.sql"
