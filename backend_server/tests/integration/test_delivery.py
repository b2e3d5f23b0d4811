import uuid

import grpc
import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer

from backend_server.grpc_errors import TemporaryCallError
from backend_server.notifications.delivery import deliver_chunk
from backend_server.notifications.fan_out import freeze_next_chunks
from backend_server.notifications.links import MailLinks
from backend_server.services import Services


@pytest.fixture
def chunk_id(alice: Person, services: Services, tables: Tables) -> uuid.UUID:
    """Of a post by Alice, for three followers."""
    tables.add_followers("Alice", 3)
    post = alice.write()
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    freeze_next_chunks(services.database, links, uuid.UUID(post["id"]))
    chunk_id: uuid.UUID = tables.value("select id from delivery_chunks")
    return chunk_id


def deliver(services: Services, chunk_id: uuid.UUID) -> None:
    links = MailLinks(services.settings.public_url, services.settings.link_key)
    deliver_chunk(services.database, services.mailer, links, chunk_id)


def states(tables: Tables) -> set[tuple[str, str]]:
    query = "select delivery_chunks.state, deliveries.state from delivery_chunks, deliveries"
    return {(chunk, delivery) for chunk, delivery in tables.rows(query)}


def test_outcomes_are_recorded_reader_by_reader(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    mailer.refused_addresses.add("follower2@decoupled.dev")
    deliver(services, chunk_id)
    query = "select email, state, accepted_id, refused_reason from deliveries order by email"
    assert tables.rows(query) == [
        ("follower1@decoupled.dev", "accepted", "follower1@decoupled.dev", None),
        ("follower2@decoupled.dev", "refused", None, "as the test asks"),
        ("follower3@decoupled.dev", "accepted", "follower3@decoupled.dev", None),
    ]
    assert tables.value("select state from delivery_chunks") == "accepted"


def test_a_chunk_that_was_accepted_is_not_sent_again(
    services: Services, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    deliver(services, chunk_id)
    deliver(services, chunk_id)
    assert len(mailer.requests) == 1


def test_every_try_sends_the_same_bytes_under_the_same_key(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    deliver(services, chunk_id)
    # As after a crash between the mailer's answer and our commit.
    tables.execute("update delivery_chunks set state = 'waiting'")
    tables.execute("update posts set title = 'Changed meanwhile'")
    deliver(services, chunk_id)
    first, again = mailer.requests
    assert first.SerializeToString(deterministic=True) == again.SerializeToString(
        deterministic=True
    )


@pytest.mark.parametrize(
    "status",
    [
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.FAILED_PRECONDITION,
    ],
)
def test_a_chunk_waits_for_a_mailer_that_may_take_it_later(
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
    chunk_id: uuid.UUID,
    status: grpc.StatusCode,
) -> None:
    mailer.failures.append(status)
    with pytest.raises(TemporaryCallError):
        deliver(services, chunk_id)
    assert states(tables) == {("waiting", "waiting")}
    deliver(services, chunk_id)
    assert states(tables) == {("accepted", "accepted")}


def test_a_chunk_that_the_mailer_refuses_has_failed(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    mailer.failures.append(grpc.StatusCode.INVALID_ARGUMENT)
    deliver(services, chunk_id)
    assert states(tables) == {("failed", "failed")}


def test_a_chunk_is_given_up_20_hours_after_its_first_try(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    tables.execute("update delivery_chunks set first_tried_at = now() - interval '19 h 59 min'")
    mailer.failures.append(grpc.StatusCode.INTERNAL)
    with pytest.raises(TemporaryCallError):
        deliver(services, chunk_id)
    tables.execute("update delivery_chunks set first_tried_at = now() - interval '20 h 1 min'")
    deliver(services, chunk_id)
    assert states(tables) == {("failed", "failed")}
    assert mailer.requests == []


def test_a_chunk_of_a_deleted_post_is_not_sent(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    tables.execute("delete from posts")
    deliver(services, chunk_id)
    assert mailer.requests == []


def test_a_chunk_that_was_only_ever_postponed_is_never_too_old(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    mailer.failures.append(grpc.StatusCode.RESOURCE_EXHAUSTED)
    with pytest.raises(TemporaryCallError):
        deliver(services, chunk_id)
    assert tables.value("select first_tried_at from delivery_chunks") is None
    tables.execute("update users set suspended_at = now() where username = 'follower2'")
    deliver(services, chunk_id)
    [sent] = mailer.requests
    assert [each.address for each in sent.recipients] == [
        "follower1@decoupled.dev",
        "follower3@decoupled.dev",
    ]


def test_a_chunk_whose_first_try_is_unknown_keeps_its_age_when_it_is_postponed(
    services: Services, tables: Tables, mailer: RecordingMailer, chunk_id: uuid.UUID
) -> None:
    mailer.failures += [grpc.StatusCode.INTERNAL, grpc.StatusCode.RESOURCE_EXHAUSTED]
    for _ in range(2):
        with pytest.raises(TemporaryCallError):
            deliver(services, chunk_id)
    assert tables.value("select first_tried_at from delivery_chunks") is not None
