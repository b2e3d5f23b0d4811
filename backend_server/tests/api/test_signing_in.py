import argon2
import psycopg
import pytest
from backend_people import PASSWORD, Browser, Person


@pytest.mark.usefixtures("alice")
def test_the_answer_is_as_specified(visitor: Browser) -> None:
    answer = visitor.post("/auth/login/", {"username": "Alice", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.get_json() == {
        "message": "Logged in succesfully!",
        "data": {"username": "Alice", "email": "alice@decoupled.dev"},
    }


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("name", ["alice", "ALICE", "alice@decoupled.dev", "ALICE@Decoupled.dev"])
def test_the_username_or_the_address_signs_in_in_any_case(visitor: Browser, name: str) -> None:
    answer = visitor.post("/auth/login", {"username": name, "password": PASSWORD})
    assert answer.status_code == 200


@pytest.mark.usefixtures("alice")
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(visitor: Browser) -> None:
    wrong = visitor.post("/auth/login", {"username": "Alice", "password": "wrong-password"})
    unknown = visitor.post("/auth/login", {"username": "Nobody", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.get_json() == unknown.get_json()
    assert wrong.get_json()["code"] == "wrong_credentials"
    assert set(wrong.headers.keys()) == set(unknown.headers.keys())
    assert "Set-Cookie" not in wrong.headers


def test_the_password_is_compared_to_the_last_letter_and_case(visitor: Browser) -> None:
    body = {"username": "long", "password": "x" * 127 + "y", "email": "long@decoupled.dev"}
    assert visitor.post("/auth/register", body).status_code == 201
    for wrong in ("x" * 127, "x" * 128, "X" * 127 + "Y"):
        answer = visitor.post("/auth/login", {"username": "long", "password": wrong})
        assert answer.status_code == 401


@pytest.mark.usefixtures("alice")
def test_a_username_that_looks_like_an_address_does_not_stand_in_for_its_owner(
    visitor: Browser,
) -> None:
    mallory = {
        "username": "alice@decoupled.dev",
        "password": "mallory-password",
        "email": "mallory@decoupled.dev",
    }
    assert visitor.post("/auth/register", mallory).status_code == 201
    body = {"username": "alice@decoupled.dev", "password": PASSWORD}
    assert visitor.post("/auth/login", body).get_json()["data"]["username"] == "Alice"
    body["password"] = "mallory-password"
    assert visitor.post("/auth/login", body).status_code == 401


def test_a_hash_with_old_parameters_is_replaced_at_the_next_sign_in(
    alice: Person, database_url: str
) -> None:
    old_hash = argon2.PasswordHasher(1, 8192, 1).hash(PASSWORD)
    with psycopg.connect(database_url) as connection:
        connection.execute("update users set password_hash = %s", [old_hash])
    assert alice.try_to_log_in(PASSWORD).status_code == 200
    with psycopg.connect(database_url) as connection:
        [new_hash] = connection.execute("select password_hash from users").fetchone() or [""]
    assert "m=19456,t=2,p=1" in new_hash
    assert alice.try_to_log_in(PASSWORD).status_code == 200
