"""What stands in a digest: each reader's own choice of the posts, by author."""

import re

import pytest
from mailer.composing import Composer
from mailer.field_rules import InvalidRequestError
from mailer.mail import Mail
from mailer.request_rules import MOST_POSTS_IN_A_DIGEST, check
from mailer_requests import digest, post, reader
from service_contracts.mailer.v1.mailer_pb2 import DigestMail, DigestSelection, SendMailRequest

# Gmail cuts off what is longer.
LONGEST_BODY_BYTES = 102_000

INES = "0193a1b2-7c3d-7000-8000-0000000000a1"
TEO = "0193a1b2-7c3d-7000-8000-0000000000b2"
POSTS = [
    post(title="Ferry", content="It left.", author_id=INES, author_username="ines"),
    post(title="Bread", content="It rose.", author_id=TEO, author_username="teo"),
    post(title="Tide", content="It turned.", author_id=INES, author_username="ines"),
]


def digest_of(composer: Composer, *selections: DigestSelection) -> list[Mail]:
    readers = [reader(f"reader{number}@decoupled.dev") for number in range(len(selections))]
    request = digest(to=readers, posts=POSTS, selections=selections)
    return [composer.compose(request, place) for place in range(len(selections))]


def test_each_reader_gets_their_own_choice(composer: Composer) -> None:
    first, second = digest_of(
        composer, DigestSelection(places=[1]), DigestSelection(places=[2, 0], more=4)
    )

    assert "Bread" in first.text
    assert "Ferry" not in first.html
    assert "Bread" not in second.html
    assert second.subject == "ines: Tide and 5 more"
    assert "And 4 more" in second.text


def test_posts_stand_by_author_in_the_order_of_the_authors_best(composer: Composer) -> None:
    (mail,) = digest_of(composer, DigestSelection(places=[2, 1, 0]))

    order = [mail.text.index(word) for word in ("ines\n", "Tide", "Ferry", "teo\n", "Bread")]
    assert order == sorted(order)


def test_one_post_is_counted_as_one(composer: Composer) -> None:
    (mail,) = digest_of(composer, DigestSelection(places=[0]))

    assert mail.subject == "ines: Ferry"
    assert "1 new post for" in mail.text


def test_the_longest_digest_fits_below_where_gmail_cuts(composer: Composer) -> None:
    longest = [
        post(title="&" * 100, content="&\N{FAMILY}" * 250, author_id=f"{INES[:-2]}{number:02}")
        for number in range(MOST_POSTS_IN_A_DIGEST)
    ]
    everything = DigestSelection(places=range(MOST_POSTS_IN_A_DIGEST), more=1_000)

    mail = composer.compose(digest(posts=longest, selections=[everything]), 0)

    assert len(mail.html.encode()) < LONGEST_BODY_BYTES
    assert len(mail.text.encode()) < LONGEST_BODY_BYTES


@pytest.mark.parametrize(
    ("mail", "field"),
    [
        (DigestMail(), "digest.posts"),
        (DigestMail(posts=POSTS), "digest.selections"),
        (DigestMail(posts=POSTS, selections=[DigestSelection()]), "digest.selections[0].places"),
        (
            DigestMail(posts=POSTS, selections=[DigestSelection(places=[1, 1])]),
            "digest.selections[0].places",
        ),
        (
            DigestMail(posts=POSTS, selections=[DigestSelection(places=[3])]),
            "digest.selections[0].places",
        ),
    ],
)
def test_a_digest_that_does_not_say_what_is_for_whom_is_refused(
    mail: DigestMail, field: str
) -> None:
    request = SendMailRequest(idempotency_key="digest/1", recipients=[reader()], digest=mail)

    with pytest.raises(InvalidRequestError, match=f"^{re.escape(field)} "):
        check(request)
