import uuid
from datetime import UTC, datetime

from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from backend_server.config import Keys, Secret
from backend_server.notifications.links import MailLinks
from backend_server.notifications.model import AnnouncedPost, Reader, in_chunks

LINKS = MailLinks("https://decoupled.example", Keys(Secret("a key for links in tests")))
POST = AnnouncedPost(
    id=uuid.uuid4(),
    title="A title",
    content="Some content",
    created_at=datetime(2026, 11, 23, 8, 12, tzinfo=UTC),
    author_id=uuid.uuid4(),
    author_username="alice",
)
READERS = [
    Reader(uuid.uuid4(), f"reader{number}@decoupled.dev", f"reader{number}", "en")
    for number in range(250)
]


def test_a_chunk_has_at_most_100_readers_and_every_reader_is_in_one() -> None:
    chunks = in_chunks("new_post", POST, READERS, 0, LINKS)
    assert [len(chunk.readers) for chunk in chunks] == [100, 100, 50]
    assert [reader for chunk in chunks for reader in chunk.readers] == READERS


def test_numbers_and_keys_go_on_where_they_stopped() -> None:
    chunks = in_chunks("new_post", POST, READERS, 7, LINKS)
    assert [chunk.number for chunk in chunks] == [7, 8, 9]
    assert chunks[0].idempotency_key == f"new_post/{POST.id}/7"


def test_the_same_chunk_is_the_same_bytes() -> None:
    first, again = (in_chunks("new_post", POST, READERS, 0, LINKS) for _ in range(2))
    assert [chunk.request for chunk in first] == [chunk.request for chunk in again]


def test_a_request_tells_each_reader_of_the_post_with_a_link_of_their_own() -> None:
    request = SendMailRequest.FromString(in_chunks("new_post", POST, READERS, 0, LINKS)[0].request)
    assert request.new_post.post_url == f"https://decoupled.example/posts/{POST.id}"
    assert request.new_post.posted_at == 1795421520
    assert [each.address for each in request.recipients] == [each.email for each in READERS[:100]]
    assert len({each.unsubscribe_url for each in request.recipients}) == 100


def test_a_mention_goes_out_under_a_key_and_with_a_link_of_its_own_kind() -> None:
    (chunk,) = in_chunks("mention", POST, READERS[:1], 0, LINKS)
    request = SendMailRequest.FromString(chunk.request)
    assert request.idempotency_key == chunk.idempotency_key == f"mention/{POST.id}/0"
    assert request.mention.post.title == POST.title
    follow = SendMailRequest.FromString(
        in_chunks("new_post", POST, READERS[:1], 0, LINKS)[0].request
    )
    assert request.recipients[0].unsubscribe_url != follow.recipients[0].unsubscribe_url
