"""From one post to the mails of all its readers, in steps that can be taken again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from uuid import UUID

from backend_server import jobs
from backend_server.database import psycopg_connection
from backend_server.notifications import queries
from backend_server.notifications.mentions import members_named
from backend_server.notifications.model import MOST_RECIPIENTS, Chunk, in_chunks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from backend_server.database import Database
    from backend_server.notifications.links import MailLinks

DELIVER_CHUNK: Final = "notifications.deliver_chunk"

# Bounds each transaction, and what is done again after a crash.
READERS_AT_ONCE: Final = 5 * MOST_RECIPIENTS

# Arrays in binary (`b`): as text, each of the many values is escaped on its own.
_WRITE_CHUNKS: Final = """
    insert into delivery_chunks (post_id, kind, number, idempotency_key, request, last_member_id)
    select %(post_id)s, *
    from unnest(%(kinds)b::text[], %(numbers)b::integer[], %(keys)b::text[], %(requests)b::bytea[],
                %(last_member_ids)b::uuid[])
    returning idempotency_key, id"""

_WRITE_DELIVERIES: Final = """
    insert into deliveries (post_id, member_id, chunk_id, place, email)
    select %(post_id)s, *
    from unnest(%(member_ids)b::uuid[], %(chunk_ids)b::uuid[], %(places)b::smallint[],
                %(emails)b::text[])"""


def freeze_next_chunks(database: Database, links: MailLinks, post_id: UUID) -> bool:
    """Write the next readers' mails and the jobs that deliver them. Returns whether to go on.

    Whom the post names comes first. Then it goes on after the last reader in a chunk, so that it
    can stop or die between any two steps. A post that was deleted has no readers left.
    """
    with database.transaction() as session:
        connection = psycopg_connection(session)
        post = queries.lock_post(connection, post_id)
        if post is None:
            return False
        next_number, last_member_id = queries.progress_of(connection, post_id)
        if next_number == 0 and not queries.is_mention_told(connection, post_id):
            named = members_named(connection, post)
            _write(session, post_id, in_chunks("mention", post, named, 0, links))
        readers = queries.next_readers(connection, post, last_member_id, READERS_AT_ONCE)
        _write(session, post_id, in_chunks("new_post", post, readers, next_number, links))
        session.commit()
    return len(readers) == READERS_AT_ONCE


def queue_deliveries(session: Session, chunk_ids: Iterable[UUID]) -> None:
    jobs.defer_each(
        session,
        DELIVER_CHUNK,
        [{"chunk_id": str(chunk_id)} for chunk_id in chunk_ids],
        queue=jobs.DELIVERY,
    )


def _write(session: Session, post_id: UUID, chunks: list[Chunk]) -> None:
    """And the jobs that deliver them."""
    if not chunks:
        return
    connection = psycopg_connection(session)
    parameters = {
        "post_id": post_id,
        "kinds": [chunk.kind for chunk in chunks],
        "numbers": [chunk.number for chunk in chunks],
        "keys": [chunk.idempotency_key for chunk in chunks],
        "requests": [chunk.request for chunk in chunks],
        "last_member_ids": [chunk.readers[-1].member_id for chunk in chunks],
    }
    id_of_key = dict(connection.execute(_WRITE_CHUNKS, parameters).fetchall())
    placed = [
        (id_of_key[chunk.idempotency_key], place, reader)
        for chunk in chunks
        for place, reader in enumerate(chunk.readers)
    ]
    parameters = {
        "post_id": post_id,
        "member_ids": [reader.member_id for _, _, reader in placed],
        "chunk_ids": [chunk_id for chunk_id, _, _ in placed],
        "places": [place for _, place, _ in placed],
        "emails": [reader.email for _, _, reader in placed],
    }
    connection.execute(_WRITE_DELIVERIES, parameters)
    queue_deliveries(session, (id_of_key[chunk.idempotency_key] for chunk in chunks))
