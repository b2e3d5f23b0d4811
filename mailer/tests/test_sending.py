"""What holds whichever provider is behind the mailer."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from mailer_fixtures import Provided
from mailer_requests import EVERY_MAIL, new_post, reader, readers, reset_code, wren
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest


@pytest.mark.parametrize("kind", EVERY_MAIL)
def test_every_kind_of_mail_is_accepted(mailer: Provided, kind: str) -> None:
    [outcome] = mailer.caller.send(EVERY_MAIL[kind]()).outcomes

    assert outcome.accepted_id
    assert mailer.reached() == ["wren@decoupled.dev"]


def test_a_hundred_readers_get_a_mail_of_their_own_and_their_outcomes_in_order(
    mailer: Provided,
) -> None:
    recipients = readers(100)

    outcomes = mailer.caller.send(new_post(to=recipients)).outcomes

    assert len({outcome.accepted_id for outcome in outcomes}) == 100
    assert sorted(mailer.reached()) == sorted(recipient.address for recipient in recipients)


def test_the_same_call_again_sends_nothing_and_gets_the_first_answer(mailer: Provided) -> None:
    request = new_post(to=readers(3))

    first, second = mailer.caller.send(request), mailer.caller.send(request)

    assert first == second
    assert len(mailer.reached()) == 3


def test_another_key_is_another_mail(mailer: Provided) -> None:
    mailer.caller.send(reset_code("reset/1"))
    mailer.caller.send(reset_code("reset/2"))

    assert mailer.reached() == ["wren@decoupled.dev"] * 2


def test_one_call_made_many_times_at_once_reaches_each_reader_once(mailer: Provided) -> None:
    request = new_post(to=readers(20))

    def send(request: SendMailRequest) -> grpc.StatusCode:
        try:
            mailer.caller.send(request)
        except grpc.RpcError as error:
            return error.code()
        return grpc.StatusCode.OK

    with ThreadPoolExecutor(8) as callers:
        codes = set(callers.map(send, [request] * 16))

    # A provider may ask to come back while the first call is under way.
    assert codes <= {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}
    assert len(mailer.reached()) == 20


def test_an_address_that_is_none_is_refused_and_the_others_are_reached(mailer: Provided) -> None:
    recipients = [reader("first@decoupled.dev"), reader("nobody"), reader("last@decoupled.dev")]

    outcomes = mailer.caller.send(new_post(to=recipients)).outcomes

    assert [outcome.WhichOneof("result") for outcome in outcomes] == [
        "accepted_id",
        "refused_reason",
        "accepted_id",
    ]
    assert sorted(mailer.reached()) == ["first@decoupled.dev", "last@decoupled.dev"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "wren",
        "@decoupled.dev",
        "wren@",
        "wren@decoupled.dev\r\nBcc: eve@decoupled.dev",
        "wren@decoupled.dev, eve@decoupled.dev",
        "Wren <wren@decoupled.dev>",
        "wr\u0000en@decoupled.dev",
        "w" * 250 + "@decoupled.dev",
    ],
)
def test_nothing_but_one_plain_address_is_written_to(mailer: Provided, address: str) -> None:
    [outcome] = mailer.caller.send(reset_code(to=wren(address))).outcomes

    assert outcome.refused_reason == "not an email address"
    assert mailer.reached() == []
