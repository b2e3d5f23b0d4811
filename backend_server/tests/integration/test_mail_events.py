"""Bar M6: what is told of one mail comes to the same, in whatever order and however often."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from backend_database import Tables
from backend_people import Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_server.database import psycopg_connection
from backend_server.notifications.mail_events import apply_mail_events, update_deliveries
from backend_server.services import Services

MAIL = "a mail"
ADDRESS = "bob@decoupled.dev"
KINDS = [
    "delivered", "delayed", "bounced_temporarily", "bounced_permanently", "complained",
    "suppressed", "failed",
]  # fmt: skip

_KEEP = """
    with event as (insert into webhook_events (id, body) values (%(id)s, '') returning id)
    insert into mail_events (event_id, place, kind, accepted_id, email_key, happened_at, reason)
    select id, 0, %(kind)s, %(mail)s, %(address)s,
           timestamptz '2026-11-23' + make_interval(days => %(day)s), ''
    from event"""


class Event(NamedTuple):
    id: str
    kind: str
    day: int


# Instead of an event: the id of the sent mail is recorded.
RECORDED = None

events = st.lists(
    st.builds(Event, st.uuids().map(str), st.sampled_from(KINDS), st.integers(0, 6)), max_size=6
)


@pytest.fixture
def delivery(bob: Person, alice: Person, tables: Tables) -> None:
    """A mail to Bob about a post of Alice, which is on its way."""
    post_id = alice.write()["id"]
    tables.execute("update users set email_confirmed_at = '2026-01-01' where username = 'Bob'")
    tables.execute(
        """with chunk as (
               insert into delivery_chunks (post_id, kind, number, idempotency_key, request)
               values (%s, 'new_post', 0, 'key', '') returning id)
           insert into deliveries (post_id, member_id, chunk_id, place, email)
           select %s, %s, chunk.id, 0, %s from chunk""",
        post_id,
        post_id,
        bob.id,
        ADDRESS,
    )


def final_state(services: Services, tables: Tables, told: Sequence[Event | None]) -> object:
    """Of the mail and of its address, after all of it."""
    tables.execute("delete from webhook_events")
    tables.execute("delete from suppressed_addresses")
    tables.execute("update deliveries set state = 'waiting', accepted_id = null")
    for each in told:
        if each is RECORDED:
            record(services, tables)
        else:
            tell(services, tables, each)
    suppressed = tables.rows("select reason, until from suppressed_addresses")
    return tables.value("select state from deliveries"), suppressed


def record(services: Services, tables: Tables) -> None:
    """As `delivery.deliver_chunk` does it."""
    tables.execute("update deliveries set state = 'accepted', accepted_id = %s", MAIL)
    with services.database.transaction() as session:
        update_deliveries(psycopg_connection(session), [MAIL])
        session.commit()


def tell(services: Services, tables: Tables, event: Event) -> None:
    known = "select count(*) from webhook_events where id = %s"
    if not tables.value(known, event.id):
        tables.execute_named(_KEEP, **event._asdict(), mail=MAIL, address=ADDRESS)
    apply_mail_events(services.database, event.id)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), told=events)
@pytest.mark.usefixtures("delivery")
def test_order_repeats_and_events_before_their_mail_make_no_difference(
    services: Services, tables: Tables, data: st.DataObject, told: list[Event]
) -> None:
    in_order = sorted(told, key=lambda event: event.day)
    shuffled = data.draw(st.permutations([*told, *told[:2], RECORDED]))

    assert final_state(services, tables, shuffled) == final_state(
        services, tables, [RECORDED, *in_order]
    )


@pytest.mark.usefixtures("delivery")
def test_a_mail_that_is_only_late_changes_nothing(services: Services, tables: Tables) -> None:
    late = Event(str(uuid.uuid4()), "delayed", 0)

    assert final_state(services, tables, [RECORDED, late]) == ("accepted", [])
