"""The API as a program: how it starts, stops and dies."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping

import psutil
from backend_database import Tables
from backend_programs import PATIENCE_SECONDS, Programs, answers, until
from backend_settings import ENVIRONMENT
from local_stack.valkey import Valkey

from backend_server.config import Settings

PASSWORD = "correct-horse-battery"
ALICE = {"username": "Alice", "password": PASSWORD, "email": "alice@decoupled.dev"}


def post(address: str, path: str, body: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(address)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def get(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(address)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backend_server", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_it_serves_with_as_many_processes_as_it_is_told(programs: Programs) -> None:
    program, address = programs.start_api()
    assert len(psutil.Process(program.pid).children()) == 2
    assert post(address, "/auth/register", ALICE) == 201


def test_it_does_not_say_which_version_of_what_it_is(programs: Programs) -> None:
    _, address = programs.start_api(BACKEND_WORKERS="1")
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/health/live")
    headers = connection.getresponse().headers
    connection.close()
    assert not any(character.isdigit() for character in headers.get("Server", ""))
    assert "X-Powered-By" not in headers


def test_an_address_that_is_claimed_twice_is_still_not_believed(
    programs: Programs, tables: Tables
) -> None:
    """Headers that occur twice are joined, in order: the proxy's own comes last."""
    _, address = programs.start_api(BACKEND_WORKERS="1", TRUSTED_PROXIES="127.0.0.1")
    body = {"email": "x@decoupled.dev", "token": "123456", "newPassword": "12345678"}
    connection = http.client.HTTPConnection(address)
    connection.putrequest("PUT", "/auth/restart-password")
    connection.putheader("X-Forwarded-For", "6.6.6.6")
    connection.putheader("X-Forwarded-For", "5.5.5.5, 198.51.100.7")
    content = json.dumps(body).encode()
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(content)))
    connection.endheaders(content)
    assert connection.getresponse().status == 422
    connection.close()
    assert tables.value("select client_network::text from reset_attempts") == "198.51.100.7/32"


def test_a_stop_lets_running_requests_end(programs: Programs) -> None:
    program, address = programs.start_api(BACKEND_WORKERS="1")
    assert post(address, "/auth/register", ALICE) == 201
    credentials = {"username": "Alice", "password": PASSWORD}
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(post(address, "/auth/login", credentials)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    until(lambda: statuses)
    program.stop(PATIENCE_SECONDS)
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert program.exit_code == 0


def test_before_a_stop_it_says_that_it_wants_no_more_requests(programs: Programs) -> None:
    program, address = programs.start_api(BACKEND_LEAVE_SECONDS="600")
    program.request_stop()
    until(lambda: get(address, "/health/ready") == 503)
    assert get(address, "/health/live") == 200
    assert get(address, "/posts") == 200
    # The second signal does not wait.
    program.stop(PATIENCE_SECONDS)
    assert program.exit_code == 0


def test_a_stop_leaves_nothing_behind(programs: Programs) -> None:
    program, address = programs.start_api()
    children = psutil.Process(program.pid).children()
    program.stop(PATIENCE_SECONDS)
    assert program.exit_code == 0
    assert not any(child.is_running() for child in children)
    assert not answers(address)


def test_processes_whose_parent_was_killed_end_too(programs: Programs) -> None:
    program, address = programs.start_api()
    children = psutil.Process(program.pid).children()
    os.kill(program.pid, 9)
    until(lambda: not any(child.is_running() for child in children))
    assert not answers(address)


def test_a_process_that_was_killed_is_replaced(programs: Programs) -> None:
    program, address = programs.start_api()
    [first, second] = psutil.Process(program.pid).children()
    first.kill()
    until(lambda: set(psutil.Process(program.pid).children()) - {first, second})
    assert answers(address)


def test_a_wrong_setting_ends_the_start_by_name() -> None:
    for command in ("serve", "worker"):
        ended = run(command, **{**ENVIRONMENT, "SESSION_KEY": "short"})
        assert ended.returncode == 2
        assert ended.stderr == "SESSION_KEY must be at least 32 bytes long\n"


def test_the_api_document_needs_no_setting() -> None:
    printed = run("openapi")
    assert printed.returncode == 0
    assert json.loads(printed.stdout)["info"]["title"] == "Decoupled"


def test_its_health_check_says_which_part_is_down(
    programs: Programs, valkey_server: Valkey
) -> None:
    _, address = programs.start_api(BACKEND_WORKERS="1")
    assert run("healthcheck", BACKEND_BIND=address).returncode == 0
    valkey_server.kill()
    try:
        check = run("healthcheck", BACKEND_BIND=address)
    finally:
        valkey_server.start()
    assert check.returncode == 1
    assert "redis" in check.stderr


def test_a_health_check_of_nobody_fails() -> None:
    check = run("healthcheck", BACKEND_BIND="0.0.0.0:1")
    assert check.returncode == 1
    assert "does not answer" in check.stderr


def test_a_worker_is_well_while_it_is_heard_of(programs: Programs, settings: Settings) -> None:
    database = {"DATABASE_URL": settings.database_url.reveal()}
    assert "no worker has been heard of" in run("healthcheck", "worker", **database).stderr
    programs.start_worker()
    until(lambda: run("healthcheck", "worker", **database).returncode == 0)
    unreachable = run("healthcheck", "worker", DATABASE_URL="postgresql://127.0.0.1:1/nothing")
    assert unreachable.returncode == 1
    assert "Postgres does not answer" in unreachable.stderr
