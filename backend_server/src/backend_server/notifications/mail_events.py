"""What providers told of mails, and what follows for deliveries and addresses.

Everything follows from the whole of what was told, in whatever order it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import class_row
from service_contracts.mailer.v1 import mailer_pb2

from backend_server.database import psycopg_connection
from backend_server.metrics import MAILS
from backend_server.notifications.suppression import AddressEvent, suppression_of

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.database import Database

KIND_OF_NUMBER: Final = {
    mailer_pb2.MAIL_EVENT_KIND_DELIVERED: "delivered",
    mailer_pb2.MAIL_EVENT_KIND_DELAYED: "delayed",
    mailer_pb2.MAIL_EVENT_KIND_BOUNCED_TEMPORARILY: "bounced_temporarily",
    mailer_pb2.MAIL_EVENT_KIND_BOUNCED_PERMANENTLY: "bounced_permanently",
    mailer_pb2.MAIL_EVENT_KIND_COMPLAINED: "complained",
    mailer_pb2.MAIL_EVENT_KIND_SUPPRESSED: "suppressed",
    mailer_pb2.MAIL_EVENT_KIND_FAILED: "failed",
}

# Of several events about one mail the last of these counts.
_UPDATE_DELIVERIES: Final = """
    update deliveries set state = told.state, updated_at = now()
    from (
        select distinct on (accepted_id) accepted_id, meaning.state
        from mail_events
        join (values ('failed', 1, 'failed'), ('bounced_temporarily', 2, 'bounced'),
                     ('suppressed', 3, 'bounced'), ('delivered', 4, 'delivered'),
                     ('bounced_permanently', 5, 'bounced'), ('complained', 6, 'complained')
             ) as meaning (kind, rank, state) using (kind)
        where accepted_id = any(%s)
        order by accepted_id, meaning.rank desc
    ) told
    where deliveries.accepted_id = told.accepted_id and deliveries.state <> told.state"""

_EVENTS_OF: Final = "select kind, accepted_id, email_key from mail_events where event_id = %s"
_FINISH: Final = "update webhook_events set processed_at = now() where id = %s"

_HISTORY: Final = """
    select kind, happened_at from mail_events
    where email_key = %(email_key)s
      -- Who has confirmed the address since then has shown that it works.
      and happened_at > coalesce(
          (select email_confirmed_at from users where email_key = %(email_key)s), '-infinity')"""

# Two events about one address take turns.
_LOCK_ADDRESS: Final = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"
# Old events are forgotten; what was for good stays so, and of several reasons the gravest.
_SUPPRESS: Final = """
    insert into suppressed_addresses (email_key, reason, until) values (%s, %s, %s)
    on conflict (email_key) do update set reason = excluded.reason, until = excluded.until
    where array_position(array['bouncing', 'suppressed', 'bounced', 'complained'], excluded.reason)
       >= array_position(array['bouncing', 'suppressed', 'bounced', 'complained'],
                         suppressed_addresses.reason)"""
_RELEASE: Final = "delete from suppressed_addresses where email_key = %s and reason = 'bouncing'"


def apply_mail_events(database: Database, event_id: str) -> None:
    """Make deliveries and addresses what the events say. Again changes nothing."""
    with database.transaction() as session:
        connection = psycopg_connection(session)
        events = connection.execute(_EVENTS_OF, [event_id]).fetchall()
        update_deliveries(connection, [accepted_id for _, accepted_id, _ in events])
        for email_key in sorted({email_key for _, _, email_key in events}):
            _judge_address(connection, email_key)
        connection.execute(_FINISH, [event_id])
        session.commit()
    for kind, _, _ in events:
        MAILS.labels(kind).inc()


def update_deliveries(connection: Connection[Any], accepted_ids: list[str]) -> None:
    """After what was told of these mails, or after their ids were recorded: whichever came last."""
    connection.execute(_UPDATE_DELIVERIES, [accepted_ids])


def _judge_address(connection: Connection[Any], email_key: str) -> None:
    connection.execute(_LOCK_ADDRESS, [email_key])
    with connection.cursor(row_factory=class_row(AddressEvent)) as cursor:
        history = cursor.execute(_HISTORY, {"email_key": email_key}).fetchall()
    suppression = suppression_of(history)
    if suppression is None:
        connection.execute(_RELEASE, [email_key])
    else:
        connection.execute(_SUPPRESS, [email_key, suppression.reason, suppression.until])
