"""Whatever is sent, the answer is a 4xx in the one shape, and never repeats the input."""

from __future__ import annotations

from typing import NoReturn

import pytest
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI

MALFORMED = {
    "nothing": b"",
    "no JSON": b"username=x",
    "cut off": b'{"username": "x"',
    "more after it": b"{} {}",
    "20,000 deep": b"[" * 20_000 + b"]" * 20_000,
    "20,000 deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "not UTF-8": b'{"username": "\xff\xfe"}',
    "UTF-16": '{"username": "x"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"username": "x"}',
    "NaN": b'{"username": NaN}',
    "infinity": b'{"username": -Infinity}',
    "a number of 10,000 digits": b'{"username": %b}' % (b"9" * 10_000),
    "a key twice": b'{"username": "x", "username": "y"}',
    "a key twice, escaped": b'{"username": "x", "\\u0075sername": "y"}',
    "a key twice, deep": b'{"username": {"a": 1, "a": 2}}',
}
OTHER_THAN_AN_OBJECT = {
    "null": b"null",
    "a list": b"[]",
    "a text with an object in it": b'"{\\"username\\": \\"Alice\\", \\"password\\": \\"x\\"}"',
    "a number": b"5",
    "true": b"true",
}
STRANGE_TEXTS = {
    "NUL": b'"a\\u0000b"',
    "a lone surrogate": b'"\\ud800"',
    "a lone surrogate the other way": b'"a\\udfff"',
    "a number": b"12345678",
    "a number with an exponent": b"1e999",
    "a list": b'["12345678"]',
    "an object": b'{"$gt": ""}',
    "null": b"null",
    "true": b"true",
}


def post(browser: Browser, body: bytes) -> tuple[int, str]:
    answer = browser.client.post("/auth/login", data=body, content_type="application/json")
    assert set(answer.get_json()) <= {"message", "code", "errors"}
    return answer.status_code, answer.text


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_json_is_malformed(visitor: Browser, body: bytes) -> None:
    status, text = post(visitor, body)
    assert status == 400
    assert "malformed_request" in text


@pytest.mark.parametrize("body", OTHER_THAN_AN_OBJECT.values(), ids=OTHER_THAN_AN_OBJECT)
def test_what_is_no_object_is_refused(visitor: Browser, body: bytes) -> None:
    status, text = post(visitor, body)
    assert status == 422
    assert '"body"' in text


@pytest.mark.parametrize("value", STRANGE_TEXTS.values(), ids=STRANGE_TEXTS)
@pytest.mark.parametrize("field", ["username", "password"])
def test_what_is_no_text_is_refused_by_field(visitor: Browser, field: str, value: bytes) -> None:
    values = {"username": b'"x"', "password": b'"y"', field: value}
    body = b'{"username": %b, "password": %b}' % (values["username"], values["password"])
    status, text = post(visitor, body)
    assert status == 422
    assert f'"{field}"' in text


@pytest.mark.parametrize("name", [b"role", b"\\ud800", b"\\u0000", b"<script>", b""])
def test_an_unknown_field_is_refused_without_repeating_it(visitor: Browser, name: bytes) -> None:
    status, text = post(visitor, b'{"username": "x", "password": "y", "%b": 1}' % name)
    assert status == 422
    assert "role" not in text
    assert "script" not in text


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout", "/posts"])
def test_a_body_of_more_than_64_kib_is_too_large(alice: Person, path: str) -> None:
    body = b'{"title": "%b"}' % (b"x" * 65_536)
    answer = alice.client.post(path, data=body, content_type="application/json")
    assert answer.status_code == 413
    assert answer.get_json()["code"] == "body_too_large"


def test_a_body_of_64_kib_is_read(visitor: Browser) -> None:
    frame = b'{"username": "", "password": ""}'
    body = frame.replace(b'""', b'"%b"' % (b"x" * (65_536 - len(frame))), 1)
    assert len(body) == 65_536
    assert post(visitor, body)[0] == 422


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=ten",
        "limit=1.5",
        "limit=" + "9" * 40,
        "limit=",
        "before=1",
        "before=%00",
        "before=zz",
        "before=%F0%9F%A6%89",
    ],
)
def test_a_page_that_cannot_be_is_refused(visitor: Browser, query: str) -> None:
    answer = visitor.get(f"/posts?{query}")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [query.split("=")[0]]


@pytest.mark.parametrize(
    "path", ["/%00", "/posts/%00", "/users/%ff%fe", "/posts/%2e%2e", "//posts", "/posts//", "/%s%n"]
)
def test_a_strange_path_is_not_found(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_strange_cookie_is_no_session(app: OpenAPI) -> None:
    for value in ("\ud800", "\xff", "a" * 5000, '"', "a.b.c", "..", "e30.e30.e30"):
        browser = Browser(app)
        headers = {"Cookie": f"session={value}".encode(errors="replace").decode("latin-1")}
        assert browser.get("/auth/session", headers=headers).status_code == 401


def test_an_unexpected_error_tells_nothing(
    app: OpenAPI, visitor: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> NoReturn:
        raise RuntimeError("a secret of the inside")

    app.view_functions["health.get_liveness"] = fail
    answer = visitor.get("/health/live")
    assert answer.status_code == 500
    assert answer.get_json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "a secret of the inside" in capsys.readouterr().out
