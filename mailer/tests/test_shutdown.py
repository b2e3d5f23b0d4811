"""The mailer as a process: how it stops, and what it says when it cannot start."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from mailer_requests import reset_code
from running_mailer import calling, mailer_process, outbox_settings, resend_settings
from system_tests.fake_resend import FakeResend

STOP_TIMEOUT_SECONDS = 30
IDLE_STOP_TIMEOUT_SECONDS = 5
CALLS = 50


def port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    for line in process.stdout:
        if match := re.search(r"mailer started.* port=(\d+)", line):
            return int(match[1])
    raise AssertionError("the mailer ended before it started")


def health_until_stopped(channel: grpc.Channel) -> Iterator[int]:
    """Every health status the mailer reports, the last one before it goes."""
    try:
        watch = HealthStub(channel).Watch  # type: ignore[attr-defined]  # missing in its stubs
        for answer in watch(HealthCheckRequest()):
            yield answer.status
    except grpc.RpcError:
        return


def test_a_stop_announces_itself_and_lets_fifty_running_calls_finish(
    fake_resend: FakeResend,
) -> None:
    fake_resend.misbehave({"answer": "slow", "seconds": 2, "times": CALLS})

    with (
        mailer_process(resend_settings(fake_resend)) as process,
        calling(port_of(process)) as caller,
        ThreadPoolExecutor(CALLS + 1) as threads,
    ):
        health = health_until_stopped(caller.channel)
        assert next(health) == HealthCheckResponse.SERVING
        answers = [threads.submit(caller.send, reset_code(f"reset/{n}")) for n in range(CALLS)]
        while fake_resend.in_progress() < CALLS:
            time.sleep(0.01)

        process.send_signal(signal.SIGTERM)

        assert next(health) == HealthCheckResponse.NOT_SERVING
        assert all(answer.result().outcomes[0].accepted_id for answer in answers)
        assert process.wait(STOP_TIMEOUT_SECONDS) == 0
    assert [mail.count for mail in fake_resend.accepted()] == [1] * CALLS


def test_an_idle_mailer_stops_at_once_even_when_its_health_is_watched(tmp_path: Path) -> None:
    with (
        mailer_process(outbox_settings(tmp_path / "outbox")) as process,
        calling(port_of(process)) as caller,
    ):
        health = health_until_stopped(caller.channel)
        assert next(health) == HealthCheckResponse.SERVING

        process.send_signal(signal.SIGTERM)

        assert process.wait(IDLE_STOP_TIMEOUT_SECONDS) == 0


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("SERVICE_TOKEN", "", "is missing"),
        ("MAILER_BIND", "50052", "must be host:port"),
        ("MAILER_BIND", "192.0.2.1:50052", "cannot be listened on"),
        ("INBOX_BIND", "192.0.2.1:8025", "must be a loopback address"),
        ("INBOX_BIND", "localhost:0x50", "must be host:port"),
        ("PUBLIC_URL", "decoupled.dev", "must be an absolute http or https URL"),
        ("MAIL_FROM", "Decoupled", "must be an address"),
        ("LOG_FORMAT", "xml", "must be one of text, json"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    tmp_path: Path, variable: str, value: str, problem: str
) -> None:
    settings = outbox_settings(tmp_path / "outbox") | {variable: value}

    with mailer_process(settings) as process:
        output, _ = process.communicate(timeout=STOP_TIMEOUT_SECONDS)

    assert process.returncode == 78
    assert output.splitlines()[-1].startswith(f"mailer: {variable} {problem}")


def test_a_health_check_tells_who_serves_from_who_does_not(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mailer", "--healthcheck"]

    with mailer_process(outbox_settings(tmp_path)) as process:
        bind = {"PYTHONPATH": ":".join(sys.path), "MAILER_BIND": f"0.0.0.0:{port_of(process)}"}
        assert subprocess.run(command, env=bind, check=False).returncode == 0

    assert subprocess.run(command, env=bind, check=False).returncode == 1


def test_a_health_check_loads_nothing_of_what_it_asks() -> None:
    command = "import sys, mailer.healthcheck; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )

    assert not {"structlog", "redis", "mailer.config", "mailer.server"} & {*loaded.stdout.split()}
