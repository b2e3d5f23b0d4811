"""Hands one chunk to the mailer and records what became of each mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

import structlog
from service_contracts.mailer.v1.mailer_pb2 import Outcome, SendMailRequest

from backend_server.database import psycopg_connection
from backend_server.grpc_errors import PostponedCallError, RefusedCallError
from backend_server.metrics import MAILS
from backend_server.notifications import brake
from backend_server.notifications.digest_request import write_request
from backend_server.notifications.last_look import leave_out_skipped, skip_whom_it_should_not_reach
from backend_server.notifications.mail_events import update_deliveries
from backend_server.notifications.warm_up import NO_WARM_UP, WarmUp, take_room
from backend_server.tries import LONGEST_TRYING

if TYPE_CHECKING:
    from datetime import timedelta

    from psycopg import Connection

    from backend_server.database import Database
    from backend_server.grpc_clients import MailerClient
    from backend_server.notifications.links import MailLinks

log: Final = structlog.get_logger(__name__)

TRIED_FOR_TOO_LONG: Final = "tried for too long: whether it was sent is unknown"

_CLAIM: Final = """
    update delivery_chunks
    set first_tried_at = coalesce(delivery_chunks.first_tried_at, now())
    from delivery_chunks before
    where delivery_chunks.id = %s and delivery_chunks.state = 'waiting'
      and before.id = delivery_chunks.id
    returning delivery_chunks.request, now() - delivery_chunks.first_tried_at,
              before.first_tried_at is null"""

# As if it had never been tried: the time runs from the first try of which nobody knows the end.
_FORGET_FIRST_TRY: Final = """
    update delivery_chunks set first_tried_at = null where id = %s and state = 'waiting'"""

_FINISH_CHUNK: Final = """
    update delivery_chunks
    set state = %(state)s, finished_at = now(), failed_reason = %(failed_reason)s
    where id = %(chunk_id)s and state = 'waiting'"""

_FAIL_DELIVERIES: Final = """
    update deliveries set state = 'failed', updated_at = now()
    where chunk_id = %s and state = 'waiting'"""

_RECORD_OUTCOMES: Final = """
    update deliveries
    set state = case when outcome.accepted_id is null then 'refused' else 'accepted' end,
        accepted_id = outcome.accepted_id,
        refused_reason = outcome.refused_reason,
        updated_at = now()
    from unnest(%(accepted_ids)s::text[], %(refused_reasons)s::text[])
         with ordinality as outcome (accepted_id, refused_reason, position)
    where chunk_id = %(chunk_id)s and place = outcome.position - 1 and state = 'waiting'
    returning deliveries.accepted_id is not null"""


class _ClaimedChunk(NamedTuple):
    request: bytes
    tried_for: timedelta
    is_first_try: bool


def deliver_chunk(
    database: Database,
    mailer: MailerClient,
    links: MailLinks,
    chunk_id: UUID,
    warm_up: WarmUp = NO_WARM_UP,
) -> None:
    """Send the chunk's mails, unless that is done already or its post is gone.

    May run again after a crash at any point: the mailer gets the same bytes under the same key and
    sends nothing twice. Raises `TemporaryCallError` when a later try makes sense.
    """
    brake.let_through(database)
    claimed = _claim(database, chunk_id, links, warm_up)
    if claimed is None:
        return
    if claimed.tried_for > LONGEST_TRYING:
        _fail(database, chunk_id, TRIED_FOR_TOO_LONG)
        return
    try:
        response = mailer.send_mail(SendMailRequest.FromString(claimed.request))
    except RefusedCallError as error:
        _fail(database, chunk_id, error.message)
        return
    except PostponedCallError:
        # Nothing was sent. After days of a used-up quota it is judged anew who should get it.
        if claimed.is_first_try:
            _forget_first_try(database, chunk_id)
        raise
    _accept(database, chunk_id, response.outcomes)


def _claim(
    database: Database, chunk_id: UUID, links: MailLinks, warm_up: WarmUp
) -> _ClaimedChunk | None:
    """None when there is nothing to send: it is done, or nobody is left who should get it."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        row = connection.execute(_CLAIM, [chunk_id]).fetchone()
        if row is None:
            return None
        request, tried_for, is_first_try = row
        left = _freeze(connection, chunk_id, request, links) if is_first_try else request
        if left is None:
            _finish(connection, chunk_id, "skipped")
        elif is_first_try:
            # Where there is none the chunk stays as it was, and is frozen on another day.
            take_room(connection, warm_up, chunk_id)
        session.commit()
    return None if left is None else _ClaimedChunk(left, tried_for, is_first_try)


def _freeze(
    connection: Connection[Any], chunk_id: UUID, request: bytes | None, links: MailLinks
) -> bytes | None:
    """The request of every try; None when nobody is left who should get it."""
    skip_whom_it_should_not_reach(connection, chunk_id)
    if request is None:
        return write_request(connection, chunk_id, links)
    return leave_out_skipped(connection, chunk_id, request)


def _fail(database: Database, chunk_id: UUID, reason: str) -> None:
    log.error("chunk_failed", chunk_id=str(chunk_id), reason=reason)
    with database.transaction() as session:
        connection = psycopg_connection(session)
        failed = connection.execute(_FAIL_DELIVERIES, [chunk_id]).rowcount
        _finish(connection, chunk_id, "failed", reason)
        session.commit()
    MAILS.labels("failed").inc(failed)


def _forget_first_try(database: Database, chunk_id: UUID) -> None:
    with database.transaction() as session:
        psycopg_connection(session).execute(_FORGET_FIRST_TRY, [chunk_id])
        session.commit()


def _accept(database: Database, chunk_id: UUID, outcomes: Sequence[Outcome]) -> None:
    parameters: dict[str, Any] = {
        "chunk_id": chunk_id,
        "accepted_ids": [outcome.accepted_id or None for outcome in outcomes],
        "refused_reasons": [outcome.refused_reason or None for outcome in outcomes],
    }
    with database.transaction() as session:
        connection = psycopg_connection(session)
        recorded = connection.execute(_RECORD_OUTCOMES, parameters).fetchall()
        brake.count_accepted(connection, sum(accepted for (accepted,) in recorded))
        session.commit()
    accepted = sum(each is not None for each in parameters["accepted_ids"])
    MAILS.labels("accepted").inc(accepted)
    MAILS.labels("refused").inc(len(outcomes) - accepted)
    # Only after the ids are there for all to see: an event about one of them then either finds it,
    # or is found here.
    with database.transaction() as session:
        connection = psycopg_connection(session)
        update_deliveries(connection, [each for each in parameters["accepted_ids"] if each])
        _finish(connection, chunk_id, "accepted")
        session.commit()


def _finish(
    connection: Connection[Any], chunk_id: UUID, state: str, failed_reason: str | None = None
) -> None:
    parameters = {"chunk_id": chunk_id, "state": state, "failed_reason": failed_reason}
    connection.execute(_FINISH_CHUNK, parameters)
