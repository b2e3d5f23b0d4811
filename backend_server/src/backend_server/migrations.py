"""Runs the migrations in `backend_server/migrations`, forward and back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import alembic.command
import alembic.op
import sqlalchemy
import sqlalchemy.exc
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend_server.config import Secret

FOLDER: Final = Path(__file__).resolve().parents[2] / "migrations"
# Of two that start at the same time, one waits for the other and then finds nothing to do.
ADVISORY_LOCK: Final = 7_205_114_360_518_211_603
TURN_POLL_SECONDS: Final = 0.1
REVISION_POLL_SECONDS: Final = 1.0
CONNECT_TIMEOUT_SECONDS: Final = 10
# A table that is in use is not waited for longer: everybody else would wait behind the migration.
LOCK_TIMEOUT_MILLISECONDS: Final = 5_000


def migrate(url: Secret, revision: str = "head") -> None:
    """To `head`, back to `base`, or to the revision with this number."""
    engine = sqlalchemy.create_engine(
        url.reveal(),
        poolclass=sqlalchemy.NullPool,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS},
    )
    with engine.connect() as connection:
        _wait_for_turn(connection)
        connection.exec_driver_sql(f"set lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}")
        connection.commit()
        config = _config()
        config.attributes["connection"] = connection
        if _is_behind(connection, revision):
            alembic.command.downgrade(config, revision)
        else:
            alembic.command.upgrade(config, revision)
    engine.dispose()


def _wait_for_turn(connection: sqlalchemy.Connection) -> None:
    """Asks again and again: to wait inside Postgres would hold up the other's `concurrently`."""
    while not connection.scalar(sqlalchemy.text(f"select pg_try_advisory_lock({ADVISORY_LOCK})")):
        connection.rollback()
        time.sleep(TURN_POLL_SECONDS)


def wait_for_newest(url: Secret) -> None:
    """Returns once the database is at our newest revision, or at one that we do not know yet.

    However long that takes: whoever started us knows when to give up.
    """
    engine = sqlalchemy.create_engine(
        url.reveal(),
        poolclass=sqlalchemy.NullPool,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS},
    )
    while _revision_of(engine) < (newest_revision() or ""):
        time.sleep(REVISION_POLL_SECONDS)


def _revision_of(engine: sqlalchemy.Engine) -> str:
    """Empty while there is none, or no Postgres."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    except sqlalchemy.exc.OperationalError:
        return ""


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _is_behind(connection: sqlalchemy.Connection, revision: str) -> bool:
    """Revisions are numbers of four digits, so they compare as text."""
    if revision in ("base", "head"):
        return revision == "base"
    current = MigrationContext.configure(connection).get_current_revision() or ""
    connection.commit()
    return revision < current


def run_sql(statements: str) -> None:
    """For a migration: any number of statements, passed to Postgres as they are."""
    cursor = alembic.op.get_bind().connection.cursor()
    cursor.execute(statements)
    cursor.close()


def run_each_alone(*statements: str) -> None:
    """For a migration: each commits by itself, as `concurrently` wants, and no lock outlives it."""
    with alembic.op.get_context().autocommit_block():
        for statement in statements:
            run_sql(statement)
