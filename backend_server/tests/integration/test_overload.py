"""A flood of sign-ins costs neither memory nor everybody else's answers. Bar S1."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import psutil
from backend_programs import Programs, until

PASSWORD = "correct-horse-battery"
ALICE = {"username": "Alice", "password": PASSWORD, "email": "alice@decoupled.dev"}
AT_ONCE = 50
HASH_BYTES = 19_456 * 1024
MARGIN_BYTES = 64 * 1024 * 1024


def post(address: str, path: str, body: dict[str, str]) -> tuple[int, str | None]:
    """Status and Retry-After."""
    connection = http.client.HTTPConnection(address)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.headers["Retry-After"]


def resident_bytes(pid: int) -> int:
    process = psutil.Process(pid)
    return sum(each.memory_info().rss for each in [process, *process.children()])


def test_fifty_sign_ins_at_once_take_the_memory_of_one_hash_a_core(programs: Programs) -> None:
    program, address = programs.start_api(BACKEND_WORKERS="1")
    assert post(address, "/auth/register", ALICE)[0] == 201
    credentials = {"username": "Alice", "password": PASSWORD}
    assert post(address, "/auth/login", credentials)[0] == 200
    before, most = resident_bytes(program.pid), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [pool.submit(post, address, "/auth/login", credentials) for _ in range(AT_ONCE)]

        def watched_until_done() -> bool:
            nonlocal most
            most = max(most, resident_bytes(program.pid))
            return all(each.done() for each in answers)

        until(watched_until_done)
    statuses = [each.result() for each in answers]
    assert {status for status, _ in statuses} <= {200, 429, 503}
    assert all(retry_after for status, retry_after in statuses if status != 200)
    assert sum(status == 200 for status, _ in statuses) >= 20
    cores = psutil.cpu_count() or 1
    assert most - before <= cores * HASH_BYTES + MARGIN_BYTES


def test_who_is_sent_away_is_told_when_to_come_back(programs: Programs) -> None:
    """With one thread that may wait and 40 people at once; the API still answers the rest."""
    _, address = programs.start_api(BACKEND_WORKERS="1", BACKEND_THREADS="4")
    assert post(address, "/auth/register", ALICE)[0] == 201
    credentials = {"username": "Alice", "password": PASSWORD}
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: post(address, "/auth/login", credentials), range(40)))
    assert {status for status, _ in answers} <= {200, 429, 503}
    assert all(retry_after for status, retry_after in answers if status != 200)
    assert post(address, "/auth/login", credentials)[0] == 200
