"""What the mailer makes of Resend's bad days: each error of its reference, and no answer at all."""

import grpc
import pytest
from mailer.providers.resend import api
from mailer_requests import new_post, reader, readers, reset_code
from running_mailer import Caller, resend_settings, running_mailer
from system_tests.fake_resend import FakeResend

Status = grpc.StatusCode


INVALID, STOPPED = Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION
AGAIN, LIMITED = Status.UNAVAILABLE, Status.RESOURCE_EXHAUSTED


def error(status: int, name: str) -> dict[str, object]:
    return {"answer": "error", "status": status, "name": name}


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (error(400, "invalid_idempotency_key"), INVALID),
        (error(400, "validation_error"), INVALID),
        (error(422, "missing_required_field"), INVALID),
        (error(422, "invalid_parameter"), INVALID),
        (error(401, "missing_api_key"), STOPPED),
        (error(401, "restricted_api_key"), STOPPED),
        (error(403, "invalid_api_key"), STOPPED),
        (error(403, "suspended_api_key"), STOPPED),
        # An unverified domain, or a key for tests only.
        (error(403, "validation_error"), STOPPED),
        (error(404, "not_found"), STOPPED),
        (error(405, "method_not_allowed"), STOPPED),
        (error(409, "concurrent_idempotent_requests"), AGAIN),
        (error(409, "resource_locked"), AGAIN),
        (error(500, "application_error"), AGAIN),
        (error(503, "service_unavailable"), AGAIN),
        ({"answer": "html"}, AGAIN),
        ({"answer": "html", "status": 403}, AGAIN),
        ({"answer": "html", "status": 200}, AGAIN),
        ({"answer": "reset"}, AGAIN),
        ({"answer": "rate_limited"}, LIMITED),
        (error(429, "daily_quota_exceeded"), LIMITED),
        (error(429, "monthly_quota_exceeded"), LIMITED),
    ],
)
def test_each_failure_has_its_status_and_sends_nothing(
    resend_mailer: Caller, fake_resend: FakeResend, order: dict[str, object], code: Status
) -> None:
    fake_resend.misbehave(order)

    with pytest.raises(grpc.RpcError) as failure:
        resend_mailer.send(reset_code())

    assert failure.value.code() is code
    assert fake_resend.accepted() == []


@pytest.mark.parametrize(
    "answer", ["reset_after_accept", "timeout_after_accept", "drip_after_accept"]
)
def test_a_lost_answer_is_found_again_with_the_same_key(
    fake_resend: FakeResend, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(api, "SILENCE_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(api, "ANSWER_TIMEOUT_SECONDS", 0.3)
    request = new_post(to=readers(5))
    fake_resend.misbehave({"answer": answer})

    with running_mailer(resend_settings(fake_resend)) as caller:
        with pytest.raises(grpc.RpcError) as failure:
            caller.send(request)
        outcomes = caller.send(request).outcomes

    assert failure.value.code() is Status.UNAVAILABLE
    accepted = fake_resend.accepted()
    assert [outcome.accepted_id for outcome in outcomes] == [mail.id for mail in accepted]
    assert {mail.count for mail in accepted} == {1}


def test_every_try_sends_the_same_bytes(resend_mailer: Caller, fake_resend: FakeResend) -> None:
    request = new_post(to=readers(100))
    fake_resend.misbehave({"answer": "html", "times": 2})

    for _ in range(2):
        with pytest.raises(grpc.RpcError):
            resend_mailer.send(request)
    resend_mailer.send(request)

    assert len(fake_resend.calls()) == 3
    assert len({call.body_sha256 for call in fake_resend.calls()}) == 1


def test_a_try_after_the_words_have_changed_counts_as_accepted(
    resend_mailer: Caller, fake_resend: FakeResend
) -> None:
    resend_mailer.send(new_post(title="Before an upgrade"))

    [outcome] = resend_mailer.send(new_post(title="After it")).outcomes

    assert outcome.accepted_id
    assert [mail.count for mail in fake_resend.accepted()] == [1]


def test_an_address_that_resend_refuses_does_not_stop_the_others(
    resend_mailer: Caller, fake_resend: FakeResend
) -> None:
    recipients = [reader("a@decoupled.dev"), reader("b@example.com"), reader("c@decoupled.dev")]

    outcomes = resend_mailer.send(new_post(to=recipients)).outcomes

    accepted = {mail.recipient: mail.id for mail in fake_resend.accepted()}
    assert [outcome.accepted_id for outcome in outcomes] == [
        accepted["a@decoupled.dev"],
        "",
        accepted["c@decoupled.dev"],
    ]
    assert "Invalid `to` field" in outcomes[1].refused_reason


def test_a_slow_answer_is_given_up_and_one_in_time_is_not(
    fake_resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SILENCE_TIMEOUT_SECONDS", 0.5)
    fake_resend.misbehave({"answer": "slow", "seconds": 0.1}, {"answer": "slow", "seconds": 2})

    with running_mailer(resend_settings(fake_resend)) as caller:
        caller.send(reset_code("reset/1"))
        with pytest.raises(grpc.RpcError) as failure:
            caller.send(reset_code("reset/2"))

    assert failure.value.code() is Status.UNAVAILABLE


def test_an_endless_answer_is_given_up(
    resend_mailer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "MOST_ANSWER_BYTES", 10)

    with pytest.raises(grpc.RpcError) as failure:
        resend_mailer.send(reset_code())

    assert failure.value.code() is Status.UNAVAILABLE


def test_nobody_listening_is_unavailable(fake_resend: FakeResend) -> None:
    settings = resend_settings(fake_resend) | {"RESEND_API_URL": "http://127.0.0.1:1"}

    with running_mailer(settings) as caller, pytest.raises(grpc.RpcError) as failure:
        caller.send(reset_code())

    assert failure.value.code() is Status.UNAVAILABLE


def test_a_wrong_key_needs_an_operator(fake_resend: FakeResend) -> None:
    settings = resend_settings(fake_resend) | {"RESEND_API_KEY": "re_wrong"}

    with running_mailer(settings) as caller, pytest.raises(grpc.RpcError) as failure:
        caller.send(reset_code())

    assert failure.value.code() is Status.FAILED_PRECONDITION
    assert "re_wrong" not in str(failure.value.details())
