"""A migrated and empty database for each test: making one takes longer than most tests."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any, Final

import psycopg
from local_stack.postgres import Postgres
from psycopg import sql

TEMPLATE: Final = "migrated_template"
# What many deleted rows leave behind slows down the tests that follow.
MOST_ROWS_TO_DELETE: Final = 2_000
END_CONNECTIONS_MS: Final = 5_000

_TABLES: Final = """
    select tablename from pg_tables
    where schemaname = 'public' and tablename <> 'alembic_version'"""

# Whatever changes a table, a function or a right writes a row of one of these anew.
_SHAPE: Final = """
    select 'class', count(*), max(oid::bigint), max(xmin::text::bigint) from pg_class
    union all select 'attribute', count(*), max(attrelid::bigint), max(xmin::text::bigint)
        from pg_attribute
    union all select 'function', count(*), max(oid::bigint), max(xmin::text::bigint) from pg_proc
    union all select 'trigger', count(*), max(oid::bigint), max(xmin::text::bigint) from pg_trigger
    union all select 'schema', count(*), max(oid::bigint), max(xmin::text::bigint)
        from pg_namespace"""

_END_CONNECTIONS: Final = """
    select pg_terminate_backend(pid, %s) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()"""

_START_SEQUENCES_ANEW: Final = """
    select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    from pg_sequences where last_value is not null"""


class ReusedDatabase:
    """Emptied after a test; made anew where the test changed its shape or filled it."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._connection: psycopg.Connection[Any] | None = None

    def url(self) -> str:
        if self._connection is None:
            self._make()
        return self._postgres.url_of(self._name)

    def empty(self) -> None:
        """Every connection to it ends."""
        try:
            is_as_new = self._connection is not None and self._try_to_empty(self._connection)
        except psycopg.OperationalError:
            # The test restarted the server.
            is_as_new = False
        if not is_as_new:
            self.drop()

    def drop(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.OperationalError):
                self._connection.close()
            self._connection = None
            self._postgres.drop_database(self._name)

    def _make(self) -> None:
        self._name = f"test_{uuid.uuid4().hex}"
        self._postgres.create_database(self._name, TEMPLATE)
        connection = psycopg.connect(self._postgres.superuser_url_of(self._name), autocommit=True)
        # No trigger and no foreign key minds in which order rows go.
        connection.execute("set session_replication_role = replica")
        tables = [sql.Identifier(name) for (name,) in connection.execute(_TABLES).fetchall()]
        self._emptying = [sql.SQL("delete from {}").format(table) for table in tables]
        self._seeds = [seed for table in tables for seed in _rows_of(connection, table)]
        self._shape = connection.execute(_SHAPE).fetchall()
        self._connection = connection

    def _try_to_empty(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether it is as it was when it was made."""
        connection.execute(_END_CONNECTIONS, [END_CONNECTIONS_MS])
        if connection.execute(_SHAPE).fetchall() != self._shape:
            return False
        deleted = sum(connection.execute(each).rowcount for each in self._emptying)
        if deleted > MOST_ROWS_TO_DELETE:
            return False
        connection.execute(_START_SEQUENCES_ANEW)
        for statement, row in self._seeds:
            connection.execute(statement, [row])
        # Or the next test finds these deletes in its statistics.
        connection.execute("select pg_stat_force_next_flush()")
        return True


def _rows_of(
    connection: psycopg.Connection[Any], table: sql.Identifier
) -> list[tuple[sql.Composed, str]]:
    """What a migration wrote, as statements that write it again."""
    rows = connection.execute(sql.SQL("select to_jsonb(each)::text from {} each").format(table))
    insert = sql.SQL("insert into {0} select (jsonb_populate_record(null::{0}, %s::jsonb)).*")
    return [(insert.format(table), row) for (row,) in rows.fetchall()]
