"""Several mailers keep below one limit together: their turns are in Redis."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest
import redis
from local_stack.ports import LOOPBACK
from local_stack.valkey import Valkey, running_valkey
from mailer.providers.pace import Pace
from mailer.providers.port import ProviderError
from mailer.providers.shared_turns import KEY, SharedTurns
from mailer.providers.turns import PARKED_SECONDS
from mailer_requests import new_post, reset_code
from running_mailer import Caller, resend_settings, running_mailer
from system_tests.fake_resend import FakeResend

CALLS_PER_SECOND = 10
SECRETS = Path(__file__).parents[2] / "deploy/secrets/service_secrets/of_each_service.py"
RIGHTS = re.compile(r"~limits:mail_provider resetchannels.*?\\n", re.DOTALL)


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with running_valkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def database(valkey: Valkey) -> Iterator[redis.Redis]:
    """Without a past."""
    with redis.Redis.from_url(valkey.url) as database:
        database.delete(KEY)
        yield database


@pytest.fixture
def turns(database: redis.Redis, valkey: Valkey) -> Iterator[SharedTurns]:  # noqa: ARG001 - cleared
    turns = SharedTurns(valkey.url)
    yield turns
    turns.close()


@pytest.fixture
def two_mailers(
    database: redis.Redis,  # noqa: ARG001 - it starts without a past
    valkey: Valkey,
    fake_resend: FakeResend,
) -> Iterator[list[Caller]]:
    settings = resend_settings(fake_resend, CALLS_PER_SECOND) | {"REDIS_URL": valkey.url}
    with ExitStack() as running:
        yield [running.enter_context(running_mailer(settings)) for _ in range(2)]


def let_pass(database: redis.Redis, seconds: float) -> None:
    """What is in Redis as if it had been written that much earlier."""
    for field in ("next_at", "held_until"):
        database.hincrbyfloat(KEY, field, -seconds)


def test_two_mailers_together_keep_to_the_rate(
    two_mailers: list[Caller], fake_resend: FakeResend
) -> None:
    def send(number: int) -> None:
        two_mailers[number % 2].send(new_post(f"new_post/{number}"))

    with ThreadPoolExecutor(4) as callers:
        list(callers.map(send, range(24)))

    times = [call.at for call in fake_resend.calls()]
    # Alone, each would need half of that.
    assert times[-1] - times[0] > 0.9 * 23 / CALLS_PER_SECOND


def test_what_one_mailer_is_told_holds_the_other(
    two_mailers: list[Caller], fake_resend: FakeResend
) -> None:
    fake_resend.misbehave({"answer": "rate_limited", "retry_after": 60})

    for mailer in two_mailers:
        with pytest.raises(grpc.RpcError) as failure:
            mailer.send(reset_code())
        assert failure.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED

    assert len(fake_resend.calls()) == 1


def test_of_a_used_up_quota_one_call_in_fifteen_minutes_asks(
    two_mailers: list[Caller], database: redis.Redis, fake_resend: FakeResend
) -> None:
    quota = {"answer": "error", "status": 429, "name": "daily_quota_exceeded"}
    fake_resend.misbehave(quota, quota)
    for mailer in two_mailers:
        with pytest.raises(grpc.RpcError) as failure:
            mailer.send(reset_code())
        assert failure.value.details() == "daily_quota_exceeded"
    assert len(fake_resend.calls()) == 1

    let_pass(database, PARKED_SECONDS)
    for mailer in two_mailers:
        with pytest.raises(grpc.RpcError):
            mailer.send(reset_code())
    assert len(fake_resend.calls()) == 2

    # It has been refilled: the probe goes through, and so does whoever comes after it.
    let_pass(database, PARKED_SECONDS)
    for number, mailer in enumerate(two_mailers):
        mailer.send(reset_code(f"reset/{number}"))
    assert len(fake_resend.accepted()) == 2


def test_an_urgent_call_of_one_mailer_overtakes_those_of_the_other(turns: SharedTurns) -> None:
    assert turns.take(4, urgent=False).granted

    urgent = turns.take(4, urgent=True)
    other = turns.take(4, urgent=False)

    assert urgent.granted
    assert not other.granted
    # It gets no turn before the one after the urgent call's.
    assert other.seconds > urgent.seconds


def test_the_rights_in_production_are_enough(database: redis.Redis, valkey: Valkey) -> None:
    rights = RIGHTS.search(SECRETS.read_text())
    assert rights
    words = re.findall(r"[~+\-@|:\w]+", rights.group().removesuffix("\\n"))
    database.execute_command("ACL", "SETUSER", "mailer", "on", ">password", *words)
    turns = SharedTurns(f"redis://mailer:password@{LOOPBACK}:{valkey.port}/0")

    turns.park("a quota")
    assert database.hget(KEY, "parked_because") == b"a quota"
    assert turns.held_seconds() > 0
    turns.release()
    turns.hold(0)
    assert turns.take(1, urgent=True).granted
    assert database.hget(KEY, "next_at") is not None
    turns.close()


def test_without_redis_a_mailer_takes_turns_of_its_own(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as valkey:
        turns = SharedTurns(valkey.url)
        pace = Pace(turns, calls_per_second=10)
        pace.wait_for_turn(urgent=False)

    began = time.monotonic()
    for _ in range(3):
        pace.wait_for_turn(urgent=False)
    assert time.monotonic() - began > 2 / 10

    turns.hold(60)
    with pytest.raises(ProviderError):
        pace.wait_for_turn(urgent=True)
    turns.close()
