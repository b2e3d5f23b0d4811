"""Transactions for use cases, and plain connections for named read queries."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import psycopg
import sqlalchemy
import sqlalchemy.exc
from sqlalchemy.orm import Session

from backend_server.errors import PartUnavailable
from backend_server.heartbeat import Heartbeat
from backend_server.impatient_connection import ImpatientConnection

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

    from backend_server.config import Secret

# Connections of one process: fewer than it has threads, since not all are in the database at once.
POOL_SIZE: Final = 10
POOL_WAIT_SECONDS: Final = 5
# A connection is replaced at this age, so that a failover or a changed role is noticed.
CONNECTION_LIFETIME_SECONDS: Final = 30 * 60
CONNECT_TIMEOUT_SECONDS: Final = 3
STATEMENT_TIMEOUT_MILLISECONDS: Final = 5_000
IDLE_IN_TRANSACTION_TIMEOUT_MILLISECONDS: Final = 10_000
# Postgres keeps plans as long as a connection, those of its foreign keys too: one made while a
# table was small would read all of it for each row when it is large. What we ask has an index.
BY_INDEX_ONLY: Final = "-c enable_seqscan=off"
SERVER_OPTIONS: Final = (
    f"{BY_INDEX_ONLY}"
    f" -c statement_timeout={STATEMENT_TIMEOUT_MILLISECONDS}"
    f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MILLISECONDS}"
)
# How long sent data may stay unacknowledged: bounds a call whose other end has vanished. Four
# segments in a row are lost by then.
TCP_USER_TIMEOUT_MILLISECONDS: Final = 3_000


class Database:
    """Makes its pool on first use, in the process that uses it: never at import or before a fork.

    Whenever Postgres does not answer, raises `PartUnavailable("postgres")`.
    """

    def __init__(self, url: Secret) -> None:
        self._url = url
        self._opening = Lock()
        self._opened: _Opened | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Rolls back unless `session.commit()` was called."""
        engine = self._answering_engine()
        with _postgres_errors(), Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[psycopg.Connection[Any]]:
        """For single statements: each is a transaction of its own."""
        engine = self._answering_engine()
        with _postgres_errors():
            pooled = engine.raw_connection()
            connection = _driver_connection(pooled)
            connection.autocommit = True
            try:
                yield connection
            finally:
                _give_back(pooled, connection)

    def statement(self) -> AbstractContextManager[psycopg.Connection[Any]]:
        """For a single statement that writes: what it wrote is committed when it returns."""
        return self.reading()

    def close(self) -> None:
        """The next use opens new connections."""
        with self._opening:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.engine.dispose()
            opened.heartbeat.stop()

    def _answering_engine(self) -> sqlalchemy.Engine:
        """Who would only wait in vain, and hold a thread meanwhile, is refused at once."""
        opened = self._opened or self._open()
        if opened.heartbeat.is_silent:
            raise PartUnavailable("postgres")
        return opened.engine

    def _open(self) -> _Opened:
        with self._opening:
            if self._opened is None:
                self._opened = _Opened(_engine_for(self._url), Heartbeat(self._url))
            return self._opened


class _Opened(NamedTuple):
    engine: sqlalchemy.Engine
    heartbeat: Heartbeat


def _engine_for(url: Secret) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(
        url.reveal(),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_recycle=CONNECTION_LIFETIME_SECONDS,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "tcp_user_timeout": TCP_USER_TIMEOUT_MILLISECONDS,
            "application_name": "backend_server",
            "options": SERVER_OPTIONS,
        },
    )
    sqlalchemy.event.listen(engine, "do_connect", _connect)
    sqlalchemy.event.listen(engine, "checkout", _refuse_a_dropped_connection)
    return engine


def psycopg_connection(session: Session) -> psycopg.Connection[Any]:
    """The driver's connection of the session's running transaction."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


def _driver_connection(pooled: PoolProxiedConnection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", pooled.driver_connection)


def _give_back(pooled: PoolProxiedConnection, connection: psycopg.Connection[Any]) -> None:
    if connection.closed:
        pooled.invalidate()
    else:
        connection.autocommit = False
        pooled.close()


def _connect(
    _dialect: object, _entry: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
) -> ImpatientConnection:
    return ImpatientConnection.connect(*arguments, **options)


def _refuse_a_dropped_connection(
    connection: psycopg.Connection[Any], _entry: ConnectionPoolEntry, _pooled: PoolProxiedConnection
) -> None:
    """Costs no round trip: an idle connection has nothing to read unless the server ended it."""
    if connection.closed or _is_readable(connection.fileno()):
        raise sqlalchemy.exc.DisconnectionError


def _is_readable(file_descriptor: int) -> bool:
    poll = select.poll()
    poll.register(file_descriptor, select.POLLIN)
    return bool(poll.poll(0))


@contextmanager
def _postgres_errors() -> Iterator[None]:
    try:
        yield
    except (
        psycopg.OperationalError,
        sqlalchemy.exc.OperationalError,
        sqlalchemy.exc.TimeoutError,
    ) as error:
        raise PartUnavailable("postgres") from error
