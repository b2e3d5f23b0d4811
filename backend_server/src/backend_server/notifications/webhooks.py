"""Taking what the mail provider tells, each event once, and having its effects follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from backend_server import jobs
from backend_server.accounts.email_addresses import key_of
from backend_server.database import psycopg_connection
from backend_server.errors import MalformedRequest, NotAllowed, NotFound, PartUnavailable
from backend_server.grpc_errors import (
    DeniedCallError,
    NotSetUpError,
    RefusedCallError,
    TemporaryCallError,
)
from backend_server.notifications.mail_events import KIND_OF_NUMBER

if TYPE_CHECKING:
    from psycopg import Connection
    from service_contracts.mailer.v1.mailer_pb2 import ReadWebhookResponse

    from backend_server.database import Database
    from backend_server.grpc_clients import MailerClient

APPLY_MAIL_EVENTS: Final = "notifications.apply_mail_events"

_KEEP_RAW: Final = """
    insert into webhook_events (id, body) values (%s, %s) on conflict (id) do nothing returning 1"""

_KEEP_EVENTS: Final = """
    insert into mail_events (event_id, place, kind, accepted_id, email_key, happened_at, reason)
    select %(event_id)s, told.place - 1, told.kind, told.accepted_id, told.email_key,
           to_timestamp(told.happened_at_ms / 1000.0), told.reason
    from unnest(%(kinds)s::text[], %(accepted_ids)s::text[], %(email_keys)s::text[],
                %(times)s::bigint[], %(reasons)s::text[])
         with ordinality as told (kind, accepted_id, email_key, happened_at_ms, reason, place)"""


class ForgedWebhook(NotAllowed):
    """This was not signed by the mail provider."""

    code = "forged_webhook"


def take_webhook(
    database: Database, mailer: MailerClient, body: bytes, headers: Mapping[str, str]
) -> None:
    """Keep the event as it came, and queue its effects; nothing when it was kept before.

    Raises `ForgedWebhook`, `MalformedRequest`, `NotFound` where no webhook is set up, or
    `PartUnavailable` for the provider to try again.
    """
    webhook = _read(mailer, body, headers)
    with database.transaction() as session:
        connection = psycopg_connection(session)
        if connection.execute(_KEEP_RAW, [webhook.event_id, body]).fetchone() is None:
            return
        if webhook.events:
            _keep_events(connection, webhook)
            jobs.defer(
                session, APPLY_MAIL_EVENTS, queue=jobs.MAIL_EVENTS, event_id=webhook.event_id
            )
        session.commit()


def _read(mailer: MailerClient, body: bytes, headers: Mapping[str, str]) -> ReadWebhookResponse:
    try:
        return mailer.read_webhook(body, headers)
    except DeniedCallError as error:
        raise ForgedWebhook from error
    except RefusedCallError as error:
        raise MalformedRequest from error
    except NotSetUpError as error:
        raise NotFound from error
    except TemporaryCallError as error:
        raise PartUnavailable("mailer") from error


def _keep_events(connection: Connection[Any], webhook: ReadWebhookResponse) -> None:
    parameters = {
        "event_id": webhook.event_id,
        "kinds": [KIND_OF_NUMBER[event.kind] for event in webhook.events],
        "accepted_ids": [event.accepted_id for event in webhook.events],
        "email_keys": [key_of(event.address) for event in webhook.events],
        "times": [event.happened_at_ms for event in webhook.events],
        # Postgres stores no NUL.
        "reasons": [event.reason.replace("\0", "") for event in webhook.events],
    }
    connection.execute(_KEEP_EVENTS, parameters)
