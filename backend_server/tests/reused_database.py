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

# Whatever changes a table, its columns, rules, functions or rights writes a row of one of these.
_CATALOGS: Final = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_rewrite"),
    *("pg_proc", "pg_type", "pg_enum", "pg_namespace"),
)
_SHAPE: Final = sql.SQL(" union all ").join(
    sql.SQL("select {}, count(*), max(xmin::text::bigint) from {}").format(
        sql.Literal(catalog), sql.Identifier(catalog)
    )
    for catalog in _CATALOGS
)

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
        self._name: str | None = None
        self._emptier: _Emptier | None = None

    def url(self) -> str:
        if self._name is None:
            self._name = f"test_{uuid.uuid4().hex}"
            self._postgres.create_database(self._name, TEMPLATE)
            self._emptier = _Emptier(self._postgres.superuser_url_of(self._name))
        return self._postgres.url_of(self._name)

    def empty(self) -> None:
        """Every connection to it ends."""
        try:
            is_as_new = self._emptier is not None and self._emptier.empty()
        except psycopg.OperationalError:
            # The test restarted the server.
            is_as_new = False
        if not is_as_new:
            self.drop()

    def drop(self) -> None:
        if self._emptier is not None:
            self._emptier.close()
        if self._name is not None:
            self._postgres.drop_database(self._name)
        self._name = self._emptier = None


class _Emptier:
    """Knows a new database as it is, to bring it back to that."""

    def __init__(self, superuser_url: str) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(superuser_url, autocommit=True)
        # No trigger and no foreign key minds in which order rows go.
        self._connection.execute("set session_replication_role = replica")
        names = self._connection.execute(_TABLES).fetchall()
        self._tables = [sql.Identifier(name) for (name,) in names]
        self._seeds = [seed for table in self._tables for seed in _rows_of(self._connection, table)]
        self._shape = self._connection.execute(_SHAPE).fetchall()

    def empty(self) -> bool:
        """Returns whether it is as it was."""
        execute = self._connection.execute
        execute(_END_CONNECTIONS, [END_CONNECTIONS_MS])
        if execute(_SHAPE).fetchall() != self._shape:
            return False
        delete = sql.SQL("delete from {}")
        deleted = sum(execute(delete.format(table)).rowcount for table in self._tables)
        if deleted > MOST_ROWS_TO_DELETE:
            return False
        execute(_START_SEQUENCES_ANEW)
        for statement, row in self._seeds:
            execute(statement, [row])
        # Or the next test finds these deletes in its statistics.
        execute("select pg_stat_force_next_flush()")
        return True

    def close(self) -> None:
        with suppress(psycopg.OperationalError):
            self._connection.close()


def _rows_of(
    connection: psycopg.Connection[Any], table: sql.Identifier
) -> list[tuple[sql.Composed, str]]:
    """What a migration wrote, as statements that write it again."""
    rows = connection.execute(sql.SQL("select to_jsonb(each)::text from {} each").format(table))
    insert = sql.SQL("insert into {0} select (jsonb_populate_record(null::{0}, %s::jsonb)).*")
    return [(insert.format(table), row) for (row,) in rows.fetchall()]
