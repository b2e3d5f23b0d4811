"""Resend counts calls for a whole team: the mailer keeps below, and says when to come back."""

import threading

import grpc
import pytest
from mailer.providers.pace import Pace
from mailer.providers.port import ProviderError, Trouble
from mailer.providers.turns import OwnTurns
from mailer_requests import reset_code
from running_mailer import Caller, resend_settings, running_mailer
from system_tests.fake_resend import FakeResend


def retry_after(error: grpc.RpcError) -> str:
    [value] = [
        each.value for each in error.trailing_metadata() if each.key == "retry-after-seconds"
    ]
    return str(value)


def test_a_rate_limit_says_when_to_come_back_and_holds_the_calls_until_then(
    resend_mailer: Caller, fake_resend: FakeResend
) -> None:
    fake_resend.misbehave({"answer": "rate_limited", "retry_after": 60})

    with pytest.raises(grpc.RpcError) as first:
        resend_mailer.send(reset_code("reset/1"))
    with pytest.raises(grpc.RpcError) as second:
        resend_mailer.send(reset_code("reset/2"))

    assert retry_after(first.value) == "60"
    assert second.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert 0 < int(retry_after(second.value)) <= 60
    assert len(fake_resend.calls()) == 1


@pytest.mark.parametrize("quota", ["daily_quota_exceeded", "monthly_quota_exceeded"])
def test_a_used_up_quota_is_asked_about_every_fifteen_minutes_at_most(
    resend_mailer: Caller, fake_resend: FakeResend, quota: str
) -> None:
    fake_resend.misbehave({"answer": "error", "status": 429, "name": quota})

    with pytest.raises(grpc.RpcError) as failure:
        resend_mailer.send(reset_code())

    assert failure.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert retry_after(failure.value) == "900"


def test_many_calls_keep_to_the_configured_rate(fake_resend: FakeResend) -> None:
    with running_mailer(resend_settings(fake_resend, calls_per_second=20)) as caller:
        for number in range(11):
            caller.send(reset_code(f"reset/{number}"))

    calls = [call.at for call in fake_resend.calls()]
    # Ten pauses of 50 ms, measured where they arrive.
    assert calls[-1] - calls[0] > 0.4


def test_account_mail_overtakes_the_rest() -> None:
    pace, order = Pace(OwnTurns(), calls_per_second=10), list[str]()
    pace.turns.hold(0.5)

    def take_turn(name: str, urgent: bool) -> None:
        pace.wait_for_turn(urgent=urgent)
        order.append(name)

    threads = [
        threading.Thread(target=take_turn, args=(name, name == "reset code"))
        for name in ("post 1", "post 2", "reset code")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert order[0] == "reset code"


def test_a_turn_too_far_off_is_refused_instead_of_waited_for() -> None:
    pace = Pace(OwnTurns(), calls_per_second=0.1)
    pace.wait_for_turn(urgent=False)

    with pytest.raises(ProviderError) as refusal:
        pace.wait_for_turn(urgent=False)

    assert refusal.value.trouble is Trouble.LIMITED
    assert refusal.value.retry_after_seconds > 5
