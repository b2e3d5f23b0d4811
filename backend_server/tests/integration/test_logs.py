"""What requests leave in the log of the running API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
from backend_programs import Programs
from local_stack.child_processes import ChildProcess

PASSWORD = "correct-horse-battery"
ALICE = {"username": "Alice", "password": PASSWORD, "email": "alice@decoupled.dev"}
FORGED = "/users/x%0a2026-01-01T00:00:00Z%20error%20forged%0d%e2%80%a8"


class LoggingApi:
    """Takes requests until somebody wants to read the log."""

    def __init__(self, program: ChildProcess, address: str) -> None:
        self.program = program
        self.address = address

    def send(self, method: str, path: str, body: object = None) -> HTTPResponse:
        connection = HTTPConnection(self.address)
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def lines(self) -> Sequence[str]:
        self.program.stop()
        return self.program.last_lines

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines()]

    def paths(self) -> list[str]:
        return [event["path"] for event in self.events() if "path" in event]


@pytest.fixture
def api(programs: Programs) -> LoggingApi:
    return LoggingApi(*programs.start_api(LOG_FORMAT="json", BACKEND_WORKERS="1"))


def test_each_request_is_one_event_with_the_id_of_the_answer(api: LoggingApi) -> None:
    answer = api.send("GET", "/posts?limit=5")
    [event] = [event for event in api.events() if event.get("path") == "/posts"]
    assert (event["event"], event["method"], event["status"]) == ("request", "GET", 200)
    assert event["request_id"] == answer.headers["X-Request-ID"]


def test_each_sign_in_is_an_event_and_no_secret_is(api: LoggingApi) -> None:
    api.send("POST", "/auth/register", ALICE)
    api.send("POST", "/auth/login", {"username": "Alice", "password": "a-wrong-password"})
    answer = api.send("POST", "/auth/login", {"username": "Alice", "password": PASSWORD})
    token = answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    lines = api.lines()
    events = [json.loads(line)["event"] for line in lines]
    assert events.count("sign_in_refused") == 1
    assert events.count("signed_in") == 1
    for secret in ("a-wrong-password", PASSWORD, token):
        assert secret not in "".join(lines)


def test_paths_are_legible_but_the_token_of_a_link_is_left_out(api: LoggingApi) -> None:
    api.send("GET", "/notifications/unsubscribe/a-token-for-whoever-holds-it")
    api.send("GET", "/users/%E5%90%8D%E5%89%8D")
    paths = api.paths()
    assert "/notifications/unsubscribe/<token>" in paths
    assert "/users/名前" in paths


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_line_break_in_a_path_does_not_make_two_lines(
    programs: Programs, log_format: str
) -> None:
    api = LoggingApi(*programs.start_api(LOG_FORMAT=log_format, BACKEND_WORKERS="1"))
    api.send("GET", FORGED)
    [line] = [line for line in api.lines() if "forged" in line]
    assert "request" in line
    assert not line.startswith("2026-01-01")
