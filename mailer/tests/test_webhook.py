"""Reading what Resend tells by webhook: only what it signed, in words of no provider."""

import json
import time
from collections.abc import Callable

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running_mailer import Caller, base_settings, running_mailer
from service_contracts.mailer.v1.mailer_pb2 import MailEvent, MailEventKind
from system_tests.fake_resend.webhooks import bounce, event, signed

MAIL_ID = "56761188-7520-42d8-8898-ff6fc54ce618"


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (event("email.delivered", MAIL_ID), MailEventKind.MAIL_EVENT_KIND_DELIVERED, ""),
        (event("email.delivery_delayed", MAIL_ID), MailEventKind.MAIL_EVENT_KIND_DELAYED, ""),
        (event("email.complained", MAIL_ID), MailEventKind.MAIL_EVENT_KIND_COMPLAINED, ""),
        (
            bounce("Permanent", MAIL_ID),
            MailEventKind.MAIL_EVENT_KIND_BOUNCED_PERMANENTLY,
            "The mailbox is gone.",
        ),
        (
            bounce("Transient", MAIL_ID),
            MailEventKind.MAIL_EVENT_KIND_BOUNCED_TEMPORARILY,
            "The mailbox is gone.",
        ),
        (
            bounce("Undetermined", MAIL_ID),
            MailEventKind.MAIL_EVENT_KIND_BOUNCED_TEMPORARILY,
            "The mailbox is gone.",
        ),
        (
            event("email.suppressed", MAIL_ID, suppressed={"message": "It bounced before."}),
            MailEventKind.MAIL_EVENT_KIND_SUPPRESSED,
            "It bounced before.",
        ),
        (
            event("email.failed", MAIL_ID, failed={"reason": "reached_daily_quota"}),
            MailEventKind.MAIL_EVENT_KIND_FAILED,
            "reached_daily_quota",
        ),
    ],
)
def test_an_event_says_what_became_of_which_mail(
    resend_mailer: Caller, body: bytes, kind: MailEventKind, reason: str
) -> None:
    answer = resend_mailer.read_webhook(body, signed(body, "msg_7"))

    assert answer.event_id == "msg_7"
    [told] = answer.events
    assert told == MailEvent(
        kind=kind,
        accepted_id=MAIL_ID,
        address="wren@decoupled.dev",
        happened_at_ms=1_795_421_550_500,
        reason=reason,
    )


@pytest.mark.parametrize(
    "kind", ["email.sent", "email.opened", "email.clicked", "contact.created", "from.the.future"]
)
def test_an_event_that_changes_nothing_is_genuine_and_empty(
    resend_mailer: Caller, kind: str
) -> None:
    body = json.dumps({"type": kind, "created_at": "", "data": {}}).encode()

    answer = resend_mailer.read_webhook(body, signed(body))

    assert answer.event_id == "msg_1"
    assert not answer.events


def answer_code(call: Callable[[], object]) -> grpc.StatusCode:
    try:
        call()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


BODY = event("email.complained", MAIL_ID)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY + b" "),
        signed(BODY) | {"svix-id": "msg_2"},
        signed(BODY) | {"svix-timestamp": str(int(time.time()) + 1)},
        signed(BODY) | {"svix-signature": ""},
        signed(BODY) | {"svix-signature": "v1,"},
        signed(BODY) | {"svix-signature": signed(BODY)["svix-signature"].replace("v1,", "v2,")},
        signed(BODY) | {"svix-timestamp": "9" * 5_000},
        signed(BODY) | {"svix-timestamp": "\u0663"},
    ],
    ids=lambda headers: "-".join(headers) or "none",
)
def test_what_is_not_signed_by_the_provider_is_refused(
    resend_mailer: Caller, headers: dict[str, str]
) -> None:
    call = answer_code(lambda: resend_mailer.read_webhook(BODY, headers))

    assert call is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize("seconds", [-301, 302])
def test_a_signature_too_far_from_now_is_refused(resend_mailer: Caller, seconds: int) -> None:
    headers = signed(BODY, at=time.time() + seconds)

    call = answer_code(lambda: resend_mailer.read_webhook(BODY, headers))

    assert call is grpc.StatusCode.PERMISSION_DENIED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.integers() | st.text() | st.just("email.bounced"),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["type", "created_at", "data", "to", "bounce", "email_id"]),
                    inner,
                )
            ),
        ).map(lambda content: json.dumps(content).encode()),
    )
)
def test_a_signed_body_of_any_kind_is_read_or_refused(resend_mailer: Caller, body: bytes) -> None:
    assert answer_code(lambda: resend_mailer.read_webhook(body, signed(body))) in (
        grpc.StatusCode.OK,
        grpc.StatusCode.INVALID_ARGUMENT,
    )


def test_without_a_secret_or_a_provider_no_webhook_is_expected(
    outbox_mailer: Caller,
) -> None:
    keyed = base_settings() | {"RESEND_API_KEY": "re_key"}
    with running_mailer(keyed) as without_secret:
        for caller in (outbox_mailer, without_secret):
            call = answer_code(lambda caller=caller: caller.read_webhook(BODY, signed(BODY)))
            assert call is grpc.StatusCode.FAILED_PRECONDITION
