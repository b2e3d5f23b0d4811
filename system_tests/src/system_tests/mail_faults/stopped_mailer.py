"""R10: the mailer is told to stop while it has 50 calls at work."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from service_contracts.mailer.v1.mailer_pb2 import PasswordChangedMail, Recipient, SendMailRequest
from service_contracts.mailer.v1.mailer_pb2_grpc import MailerServiceStub

from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.members import unique_suffix
from system_tests.waiting import wait_until

CALLS, FEW_CALLS = 50, 10
ROUNDS, FEW_ROUNDS = 5, 1
# Less than the mailer waits for an answer.
WORK_SECONDS = 8
LONGEST_NOT_SERVING_SECONDS = 0.1
LONGEST_STOP_SECONDS = 30.0


def stopped_mailer(house: House, *, short: bool) -> Outcome:
    calls = FEW_CALLS if short else CALLS
    outcome = Outcome("R10", f"mailer told to stop during {calls} calls")
    outcome.longest_recovery_seconds = LONGEST_STOP_SECONDS
    slowest = 0.0
    for _ in range(FEW_ROUNDS if short else ROUNDS):
        slowest = max(slowest, _stop(house, calls, outcome))
        house.mailers[0].start()
        outcome.runs += calls
    outcome.notes.append(
        f"says NOT_SERVING within {slowest * 1000:.0f} ms (≤ 100); the seconds are those to its end"
    )
    outcome.expect(short or slowest <= LONGEST_NOT_SERVING_SECONDS, "slow to say NOT_SERVING")
    return outcome


def _done(calls: list[Future[int]]) -> int:
    return sum(call.done() for call in calls)


def _stop(house: House, calls: int, outcome: Outcome) -> float:
    """Returns in how many seconds it said that it no longer serves."""
    mailer, round_name = house.mailers[0], unique_suffix()
    with (
        grpc.insecure_channel(house.mailer_address) as channel,
        ThreadPoolExecutor(calls) as callers,
    ):
        stub = MailerServiceStub(channel)

        def send(number: int) -> int:
            name = f"{round_name}{number}"
            request = SendMailRequest(
                idempotency_key=f"trial/{name}",
                recipients=[
                    Recipient(address=f"{name}@decoupled.dev", username=name, language="en")
                ],
                password_changed=PasswordChangedMail(changed_at=1),
            )
            return len(stub.SendMail(request, timeout=60, metadata=house.metadata).outcomes)

        # From the answer the mailer learns how many calls a second it may make.
        send(calls)
        accepted_before = len(house.resend.accepted())
        house.resend.misbehave({"answer": "slow", "seconds": WORK_SECONDS, "times": calls})
        # Its type stubs leave the methods of the stub out.
        watch = health_pb2_grpc.HealthStub(channel).Watch  # type: ignore[attr-defined]
        changes = watch(health_pb2.HealthCheckRequest())
        assert next(changes).status == health_pb2.HealthCheckResponse.SERVING
        sending = [callers.submit(send, number) for number in range(calls)]
        # On a busy machine the first may be done before the last begins.
        wait_until(
            lambda: house.resend.in_progress() + _done(sending) >= calls, f"{calls} calls came"
        )
        outcome.notes.append(f"{house.resend.in_progress()} calls at work when it was told")
        stopped_at = time.monotonic()
        mailer.request_stop()
        assert next(changes).status == health_pb2.HealthCheckResponse.NOT_SERVING
        said_after = time.monotonic() - stopped_at
        failed = sum(call.exception() is not None for call in sending)
        changes.cancel()
    wait_until(lambda: not mailer.running, "the mailer has ended", LONGEST_STOP_SECONDS)
    outcome.recovery_seconds.append(time.monotonic() - stopped_at)
    house.resend.behave()
    outcome.lost += failed
    outcome.expect(
        len(house.resend.accepted()) - accepted_before == calls - failed, "not each mail was sent"
    )
    return said_after
