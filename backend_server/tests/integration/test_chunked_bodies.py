"""Bodies of clients that do not say beforehand how long they are."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, suppress

from backend_programs import Programs

CREDENTIALS = b'{"username": "x", "password": "y"}'
LARGEST_BODY_BYTES = 64 * 1024


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 5000):
        yield body[start : start + 5000]


def log_in(address: str, body: bytes) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"}
    with closing(http.client.HTTPConnection(address, timeout=60)) as connection:
        # An API that has seen enough answers before it has seen all.
        with suppress(BrokenPipeError):
            connection.request("POST", "/auth/login", in_chunks(body), headers)
        answer = connection.getresponse()
        code: str = json.loads(answer.read())["code"]
        return answer.status, code


def test_a_chunked_body_is_read_up_to_the_limit_and_refused_beyond(programs: Programs) -> None:
    _, address = programs.start_api(BACKEND_WORKERS="1")
    assert log_in(address, CREDENTIALS) == (401, "wrong_credentials")
    largest = CREDENTIALS.ljust(LARGEST_BODY_BYTES)
    assert log_in(address, largest) == (401, "wrong_credentials")
    # Cut off at the limit it would be whole.
    assert log_in(address, largest + b" ") == (413, "body_too_large")
    assert log_in(address, largest + b"x" * 5000) == (413, "body_too_large")
