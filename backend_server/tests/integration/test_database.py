from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from backend_database import Tables
from backend_programs import until
from backend_settings import NOWHERE
from local_stack.postgres import Postgres, running_postgres

from backend_server.config import Secret
from backend_server.database import Database, psycopg_connection
from backend_server.errors import PartUnavailable
from backend_server.impatient_connection import ImpatientConnection
from backend_server.migrations import migrate

INSERT = "insert into suppressed_addresses (email_key, reason) values ('a@b.c', 'bounced')"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(Secret(database_url))
    yield database
    database.close()


def number_of_rows(database: Database) -> int:
    with database.reading() as connection:
        row = connection.execute("select count(*) from suppressed_addresses").fetchone()
    assert row
    number: int = row[0]
    return number


def test_what_is_not_committed_is_rolled_back(database: Database) -> None:
    with database.transaction() as session:
        psycopg_connection(session).execute(INSERT)
    assert number_of_rows(database) == 0


def test_what_is_committed_stays(database: Database) -> None:
    with database.transaction() as session:
        psycopg_connection(session).execute(INSERT)
        session.commit()
    assert number_of_rows(database) == 1


def test_an_error_rolls_back(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            psycopg_connection(session).execute(INSERT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert number_of_rows(database) == 0


def test_the_session_and_its_psycopg_connection_share_the_transaction(database: Database) -> None:
    with database.transaction() as session:
        session.execute(sqlalchemy.text(INSERT))
        [count] = psycopg_connection(session).execute(
            "select count(*) from suppressed_addresses"
        ).fetchone() or [None]
    assert count == 1


def test_a_connection_lent_for_reading_is_in_no_transaction_afterwards(database: Database) -> None:
    with database.reading() as connection:
        connection.execute("select 1")
        assert connection.autocommit
    with database.transaction() as session:
        assert not psycopg_connection(session).autocommit


def test_a_postgres_that_is_not_there_is_a_part_that_is_down() -> None:
    database = Database(Secret(f"postgresql://nobody@{NOWHERE}/nowhere"))
    with pytest.raises(PartUnavailable) as down, database.reading():
        pass
    assert down.value.part == "postgres"
    with pytest.raises(PartUnavailable), database.transaction() as session:
        psycopg_connection(session)
    database.close()


def test_a_statement_that_takes_too_long_is_ended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend_server.database.SERVER_OPTIONS", "-c statement_timeout=50")
    with pytest.raises(PartUnavailable), database.reading() as connection:
        connection.execute("select pg_sleep(30)")


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[Postgres]:
    with running_postgres(tmp_path) as postgres:
        yield postgres


def test_a_server_that_falls_silent_in_a_statement_is_a_part_that_is_down(
    own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImpatientConnection, "longest_answer_seconds", 1.0)
    database = Database(Secret(own_postgres.url))
    with database.reading() as connection:
        server = connection.info.backend_pid
    os.kill(server, signal.SIGSTOP)
    with pytest.raises(PartUnavailable):
        ask(database)
    os.kill(server, signal.SIGCONT)
    ask(database)
    database.close()


def test_nobody_is_kept_waiting_while_postgres_is_silent(own_postgres: Postgres) -> None:
    database = Database(Secret(own_postgres.url))
    ask(database)
    with stopped_where_it_is(own_postgres):
        until(lambda: is_refused_at_once(database))
    until(lambda: not is_refused_at_once(database))
    ask(database)
    database.close()


def ask(database: Database) -> None:
    with database.reading() as connection:
        connection.execute("select 1")


def is_refused_at_once(database: Database) -> bool:
    """Without asking Postgres."""
    try:
        with database.reading():
            return False
    except PartUnavailable as error:
        return error.__cause__ is None


@contextmanager
def stopped_where_it_is(postgres: Postgres) -> Iterator[None]:
    assert postgres.process is not None
    postgres.process.send_to_all(signal.SIGSTOP)
    try:
        yield
    finally:
        postgres.process.send_to_all(signal.SIGCONT)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_of_postgres_is_not_noticed_afterwards(tmp_path: Path, mode: str) -> None:
    with running_postgres(tmp_path) as postgres:
        migrate(Secret(postgres.url))
        database = Database(Secret(postgres.url))
        restart_in_use(postgres, database, mode)
        database.close()


def restart_in_use(postgres: Postgres, database: Database, mode: str) -> None:
    with database.reading() as one, database.reading() as other:
        one.execute("select 1")
        other.execute("select 1")
    postgres.stop(mode)
    with pytest.raises(PartUnavailable):
        number_of_rows(database)
    postgres.start()
    with database.transaction() as session:
        psycopg_connection(session).execute(INSERT)
        session.commit()
    assert number_of_rows(database) == 1


def test_a_connection_ended_in_use_is_replaced(database: Database) -> None:
    with pytest.raises(PartUnavailable), database.reading() as connection:
        connection.execute("select pg_terminate_backend(pg_backend_pid())")
    assert number_of_rows(database) == 0


def test_a_job_is_found_by_its_index_however_small_the_table_was_when_the_connection_was_opened(
    database: Database, tables: Tables
) -> None:
    """The foreign key of a job's events keeps the plan of the first time."""
    queue = (
        "select procrastinate_defer_jobs_v1(array[("
        "'any', 'any', 0, null, null, '{}', null)::procrastinate_job_to_defer_v1])"
    )
    read = "select seq_tup_read from pg_stat_user_tables where relname = 'procrastinate_jobs'"
    tables.execute(queue)
    tables.execute("vacuum analyze procrastinate_jobs")
    tables.execute("select pg_stat_force_next_flush()")
    before = tables.value(read)
    with database.statement() as connection:
        for _ in range(20):
            connection.execute(queue)
        connection.execute("select pg_stat_force_next_flush()")
        assert tables.value(read) - before <= 1
