"""Chunks that were given up, and trying them again when an operator says so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID, uuid4

from psycopg.rows import class_row
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from backend_server.database import psycopg_connection
from backend_server.notifications.delivery import TRIED_FOR_TOO_LONG
from backend_server.notifications.fan_out import queue_deliveries

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

_FAILED: Final = """
    select id, kind, post_id, failed_reason as reason, finished_at as failed_at,
           (select count(*) from deliveries
            where chunk_id = delivery_chunks.id and deliveries.state = 'failed') as readers
    from delivery_chunks
    where state = 'failed'
    order by finished_at desc
    limit %s"""

_LOCK: Final = """
    select idempotency_key, request, failed_reason from delivery_chunks
    where id = %s and state = 'failed'
    for update"""
_WAIT_AGAIN: Final = """
    update delivery_chunks
    set state = 'waiting', first_tried_at = null, finished_at = null, failed_reason = null,
        idempotency_key = %(key)s, request = %(request)s
    where id = %(chunk_id)s"""
_READERS_WAIT_AGAIN: Final = """
    update deliveries set state = 'waiting', updated_at = now()
    where chunk_id = %s and state = 'failed'"""


class FailedChunk(NamedTuple):
    id: UUID
    kind: str
    # None of a digest, which is about many.
    post_id: UUID | None
    reason: str | None
    failed_at: datetime
    readers: int


class MayHaveBeenSentError(Exception):
    """Some of the readers may have the mail already: the provider never said."""


def failed_chunks(connection: Connection[Any], most: int) -> list[FailedChunk]:
    """The newest first."""
    with connection.cursor(row_factory=class_row(FailedChunk)) as cursor:
        return cursor.execute(_FAILED, [most]).fetchall()


def deliver_again(database: Database, chunk_id: UUID, *, may_send_twice: bool) -> bool:
    """Have the chunk tried again, for those who should still get it. False when it did not fail.

    Raises `MayHaveBeenSentError` unless `may_send_twice`: so long after its first try the provider
    has forgotten the chunk's key.
    """
    with database.transaction() as session:
        connection = psycopg_connection(session)
        row = connection.execute(_LOCK, [chunk_id]).fetchone()
        if row is None:
            return False
        key, request, reason = row
        if reason == TRIED_FOR_TOO_LONG:
            if not may_send_twice:
                raise MayHaveBeenSentError
            # Another key, in case the provider remembers the old one after all.
            key = f"{key.partition('~')[0]}~{uuid4()}"
        parameters = {"chunk_id": chunk_id, "key": key, "request": _with_key(request, key)}
        connection.execute(_WAIT_AGAIN, parameters)
        connection.execute(_READERS_WAIT_AGAIN, [chunk_id])
        queue_deliveries(session, [chunk_id])
        session.commit()
    return True


def _with_key(request: bytes | None, key: str) -> bytes | None:
    """A digest that was never written has no request yet."""
    if request is None:
        return None
    message = SendMailRequest.FromString(request)
    message.idempotency_key = key
    return message.SerializeToString(deterministic=True)
