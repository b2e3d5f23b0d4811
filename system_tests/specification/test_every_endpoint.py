"""Rules that hold for each specified endpoint: of bodies, content types, methods and paths."""

import json
from typing import Any

import pytest
from system_tests.answers import assert_refused
from system_tests.endpoints import ENDPOINTS, FIELDS, Endpoint
from system_tests.person import Person
from system_tests.visitor import Visitor

EACH_ENDPOINT = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
EACH_FIELD = pytest.mark.parametrize(
    ("endpoint", "field"), [pytest.param(e, f, id=f"{e}-{f}") for e, f in FIELDS]
)
# Bytes: more than any valid body, and more than the API reads.
TOO_LARGE = 70_000


@EACH_FIELD
def test_a_missing_field_is_named(alice: Person, endpoint: Endpoint, field: str) -> None:
    body = endpoint.valid_body()
    del body[field]
    assert_refused(alice.send(endpoint.method, endpoint.path, body), 422, field)


@EACH_FIELD
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="null"),
        pytest.param(12345678, id="number"),
        pytest.param(True, id="boolean"),
        pytest.param(["12345678"], id="list"),
        pytest.param({"$ne": ""}, id="object"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(
    alice: Person, endpoint: Endpoint, field: str, value: Any
) -> None:
    body: dict[str, Any] = endpoint.valid_body() | {field: value}
    assert_refused(alice.send(endpoint.method, endpoint.path, body), 422, field)


@EACH_ENDPOINT
def test_an_unknown_field_is_refused(alice: Person, endpoint: Endpoint) -> None:
    body = endpoint.valid_body() | {"surprise": "!"}
    assert assert_refused(alice.send(endpoint.method, endpoint.path, body), 422)["errors"]


@EACH_ENDPOINT
def test_field_names_are_compared_to_the_letter(alice: Person, endpoint: Endpoint) -> None:
    valid = endpoint.valid_body()
    body = {name.upper(): value for name, value in valid.items()}
    answer = assert_refused(alice.send(endpoint.method, endpoint.path, body), 422)
    assert answer["errors"].keys() >= valid.keys()


@EACH_ENDPOINT
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="unfinished"),
        pytest.param(b'{"username": el_atla}', id="unquoted"),
        pytest.param(b"{'username': 'el_atla'}", id="single-quotes"),
        pytest.param(b'{"username": "el_atla",}', id="trailing-comma"),
        pytest.param(b"username=el_atla", id="form"),
        pytest.param(b"\xff\xfe", id="not-utf-8"),
        pytest.param(b"[" * 20_000 + b"]" * 20_000, id="20000-deep"),
    ],
)
def test_malformed_json_is_refused(alice: Person, endpoint: Endpoint, body: bytes) -> None:
    assert_refused(alice.send_raw(endpoint.method, endpoint.path, body), 400)


@EACH_ENDPOINT
@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_json_that_is_no_object_is_refused(alice: Person, endpoint: Endpoint, body: bytes) -> None:
    answer = alice.send_raw(endpoint.method, endpoint.path, body)
    assert answer.status_code in (400, 422)
    assert_refused(answer, answer.status_code)


@EACH_ENDPOINT
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "json",
        None,
    ],
    ids=str,
)
def test_another_content_type_than_json_is_refused(
    alice: Person, endpoint: Endpoint, content_type: str | None
) -> None:
    body = json.dumps(endpoint.valid_body()).encode()
    answer = alice.send_raw(endpoint.method, endpoint.path, body, content_type)
    assert_refused(answer, 415)


@EACH_ENDPOINT
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "Application/Json;charset=UTF-8",
    ],
)
def test_json_is_recognised_however_its_type_is_written(
    alice: Person, endpoint: Endpoint, content_type: str
) -> None:
    body = json.dumps(endpoint.valid_body()).encode()
    answer = alice.send_raw(endpoint.method, endpoint.path, body, content_type)
    assert answer.status_code == endpoint.status


@EACH_ENDPOINT
def test_a_trailing_slash_changes_nothing(alice: Person, endpoint: Endpoint) -> None:
    answer = alice.send(endpoint.method, f"{endpoint.path}/", endpoint.valid_body())
    assert answer.status_code == endpoint.status


@pytest.mark.parametrize("path", ["/posts/", "/posts/{username}/"])
def test_a_trailing_slash_changes_nothing_for_lists(alice: Person, path: str) -> None:
    assert alice.get(path.format(username=alice.member.username)).json()["message"] == "Got posts!"


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        *[
            (path, method, "POST")
            for path in ("/auth/register", "/auth/login", "/auth/send-reset-token")
            for method in ("GET", "PUT", "PATCH", "DELETE")
        ],
        *[("/auth/restart-password", method, "PUT") for method in ("GET", "POST", "DELETE")],
        *[("/posts", method, "GET, POST") for method in ("PUT", "PATCH", "DELETE")],
        *[("/messages", method, "POST") for method in ("GET", "PUT", "DELETE")],
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(
    alice: Person, path: str, method: str, allowed: str
) -> None:
    answer = alice.get(path) if method == "GET" else alice.send(method, path)
    assert_refused(answer, 405)
    assert {*allowed.split(", ")} <= {*answer.headers["Allow"].replace(" ", "").split(",")}
    assert method not in answer.headers["Allow"]


@EACH_ENDPOINT
def test_a_body_that_is_too_large_is_refused(alice: Person, endpoint: Endpoint) -> None:
    body = endpoint.valid_body() | {"surprise": "!" * TOO_LARGE}
    assert_refused(alice.send(endpoint.method, endpoint.path, body), 413)


@EACH_ENDPOINT
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="cross-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="same-site"),
        pytest.param({"Origin": "https://evil.dev"}, id="foreign-origin"),
        pytest.param({"Origin": "null"}, id="null-origin"),
    ],
)
def test_what_a_browser_sends_for_another_site_is_refused(
    alice: Person, endpoint: Endpoint, headers: dict[str, str]
) -> None:
    answer = alice.http.request(
        endpoint.method, endpoint.path, json=endpoint.valid_body(), headers=headers
    )
    assert_refused(answer, 403)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_an_unknown_path_is_not_found(visitor: Visitor) -> None:
    assert_refused(visitor.get("/no/such/path"), 404)
