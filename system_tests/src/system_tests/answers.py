"""What an answer of the API must look like."""

import re
from typing import Any

import httpx

_CODE = re.compile(r"^[a-z][a-z0-9_]*$")


def assert_succeeded(answer: httpx.Response, status: int, message: str) -> dict[str, Any]:
    """Checks a success and returns its body."""
    assert answer.status_code == status, answer.text
    body = _json_object(answer)
    assert body["message"] == message
    assert body.keys() <= {"message", "data"}
    return body


def assert_refused(answer: httpx.Response, status: int, field: str | None = None) -> dict[str, Any]:
    """Checks the shape of a refusal, and that it blames `field`; returns its body."""
    assert answer.status_code == status, answer.text
    body = _json_object(answer)
    assert body.keys() <= {"message", "code", "errors"}
    assert isinstance(body["message"], str)
    assert _CODE.match(body["code"])
    for reasons in body.get("errors", {}).values():
        assert reasons
        assert all(isinstance(reason, str) and reason for reason in reasons)
    if field is not None:
        assert field in body["errors"], body
    return body


def _json_object(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    body = answer.json()
    assert isinstance(body, dict)
    return body
