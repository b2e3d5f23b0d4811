import re

import pytest
from mailer.field_rules import InvalidRequestError
from mailer.request_rules import check
from mailer_requests import EVERY_MAIL, new_post, reader, readers, reset_code, wren
from service_contracts.mailer.v1.mailer_pb2 import Recipient, SendMailRequest

URL = "https://decoupled.dev/"


@pytest.mark.parametrize("kind", EVERY_MAIL)
def test_a_request_by_the_rules_passes(kind: str) -> None:
    check(EVERY_MAIL[kind]())


@pytest.mark.parametrize("key", ["", "k" * 257, "two words", "line\nbreak", "clé"])
def test_a_key_must_fit_into_a_header(key: str) -> None:
    assert_refused(reset_code(key=key), "idempotency_key")


def test_a_request_must_have_a_mail() -> None:
    assert_refused(SendMailRequest(idempotency_key="k", recipients=[wren()]), "mail")


@pytest.mark.parametrize("count", [0, 101])
def test_a_request_must_have_1_to_100_recipients(count: int) -> None:
    request = new_post()
    del request.recipients[:]
    request.recipients.extend(readers(count))
    assert_refused(request, "recipients")


def test_an_address_may_be_in_a_request_only_once() -> None:
    assert_refused(new_post(to=[reader(), reader()]), "recipients[1].address")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/unsubscribe/token",
        "javascript:alert(1)",
        URL + "t" * 200,
        URL + ">,<mailto:eve@decoupled.dev",
        URL + "\r\nBcc: eve@decoupled.dev",
    ],
)
def test_subscription_mail_needs_a_url_that_ends_it(url: str) -> None:
    assert_refused(new_post(to=[reader(unsubscribe_url=url)]), "recipients[0].unsubscribe_url")


def test_account_mail_may_have_none() -> None:
    assert_refused(reset_code(to=reader()), "recipients[0].unsubscribe_url")


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [
        ("reset_code", "code", ["", "a1b2c", "a1b2c3d", "A1B2C3", "a1b2c3\n"]),
        ("reset_code", "minutes_valid", [0]),
        ("password_changed", "changed_at", [0, -1, 2**62]),
        ("confirm_email", "confirm_url", ["", "javascript:alert(1)", "https://", "http://[::1"]),
        ("confirm_email", "hours_valid", [0]),
        ("new_post", "post_id", ["", "not-a-uuid"]),
        ("new_post", "title", ["", " \n", "t" * 5_001]),
        ("new_post", "content", ["", "c" * 5_001]),
        ("new_post", "author_id", ["", "7"]),
        ("new_post", "author_username", [""]),
        ("new_post", "post_url", ["", "ftp://decoupled.dev/post"]),
        ("new_post", "posted_at", [0, 2**62]),
    ],
)
def test_a_wrong_value_is_named_by_its_field(kind: str, field: str, values: list[object]) -> None:
    for value in values:
        request = EVERY_MAIL[kind]()
        setattr(getattr(request, kind), field, value)
        assert_refused(request, f"{kind}.{field}")


def test_a_username_must_not_be_blank() -> None:
    assert_refused(reset_code(to=Recipient(address="a@b.dev")), "recipients[0].username")


def assert_refused(request: SendMailRequest, field: str) -> None:
    with pytest.raises(InvalidRequestError, match=f"^{re.escape(field)} "):
        check(request)
