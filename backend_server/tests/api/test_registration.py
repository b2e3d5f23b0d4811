from concurrent.futures import ThreadPoolExecutor

import pytest
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI

SPECIFIED = {"username": "el_atla", "password": "12345678", "email": "el_atla@decoupled.dev"}


def test_the_example_of_the_specification_works_as_it_stands(visitor: Browser) -> None:
    answer = visitor.client.post(
        "/auth/register/",
        data=b'{"username":"el_atla","password":"12345678","email":"el_atla@decoupled.dev"}',
        content_type="Application/json",
    )
    assert answer.status_code == 201
    assert answer.get_json() == {"message": "User registered successfully!"}


@pytest.mark.parametrize("username", ["Alice", "ALICE", "\uff21lice"])
def test_a_username_is_taken_in_any_case_and_form(alice: Person, username: str) -> None:
    answer = alice.post("/auth/register", {**SPECIFIED, "username": username})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "username_taken"
    assert list(answer.get_json()["errors"]) == ["username"]


def test_an_address_is_taken_in_any_case(alice: Person) -> None:
    answer = alice.post("/auth/register", {**SPECIFIED, "email": "ALICE@DECOUPLED.DEV"})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "email_taken"
    assert list(answer.get_json()["errors"]) == ["email"]


def test_of_many_who_want_the_same_name_at_once_one_gets_it(app: OpenAPI) -> None:
    def register(number: int) -> int:
        body = {**SPECIFIED, "email": f"{number}@decoupled.dev"}
        return Browser(app).post("/auth/register", body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(register, range(8))) == [201, *[409] * 7]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "two words"),
        ("username", ""),
        ("username", "x" * 51),
        ("username", "me"),
        ("username", 5),
        ("username", None),
        ("password", "1234567"),
        ("password", "1234 5678"),
        ("password", "x" * 129),
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a b@decoupled.dev"),
        ("email", "x" * 300 + "@decoupled.dev"),
    ],
)
def test_a_field_that_is_not_acceptable_is_named(
    visitor: Browser, field: str, value: object
) -> None:
    answer = visitor.post("/auth/register", {**SPECIFIED, field: value})
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "invalid_fields"
    assert list(answer.get_json()["errors"]) == [field]


@pytest.mark.parametrize("field", SPECIFIED)
def test_a_field_that_is_missing_is_named(visitor: Browser, field: str) -> None:
    body = {name: value for name, value in SPECIFIED.items() if name != field}
    answer = visitor.post("/auth/register", body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {field: ["This is required."]}


def test_nobody_registers_more_than_the_known_fields(visitor: Browser) -> None:
    answer = visitor.post("/auth/register", {**SPECIFIED, "email_confirmed_at": "2026-01-01"})
    assert answer.status_code == 422
    assert "email_confirmed_at" not in answer.text
