"""Passwords are not guessed at for long, and nobody is shut out cheaply. Bar S8."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from ipaddress import ip_address

import pytest
import redis
from backend_people import Browser, Person
from flask_openapi.openapi import OpenAPI
from forgetful_member import NEW_PASSWORD, ForgetfulMember
from local_stack.valkey import Valkey
from werkzeug.test import TestResponse

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.environment import PRIVATE_NETWORKS

HERE = "127.0.0.1"
ELSEWHERE = "198.51.100.7"
DAY = 24 * 3600


def let_time_pass(valkey: redis.Redis, seconds: int) -> None:
    """For all that is counted."""
    for key in valkey.keys("limits:*"):
        for member, moment in valkey.zrange(key, 0, -1, withscores=True):
            valkey.zadd(key, {member: moment - seconds})


def try_password(
    app: OpenAPI, name: str, password: str, address: str = ELSEWHERE, forwarded_for: str = ""
) -> TestResponse:
    return Browser(app).post(
        "/auth/login",
        {"username": name, "password": password},
        headers={"X-Forwarded-For": forwarded_for} if forwarded_for else {},
        environ_overrides={"REMOTE_ADDR": address},
    )


def fail(app: OpenAPI, name: str, count: int, address: str = ELSEWHERE) -> list[int]:
    return [try_password(app, name, f"guess-{each}", address).status_code for each in range(count)]


def network(number: int) -> str:
    return str(ip_address("198.18.0.0") + number)


def test_the_eleventh_failure_in_five_minutes_is_refused_unseen(
    app: OpenAPI, alice: Person, valkey: redis.Redis
) -> None:
    assert fail(app, "Alice", 11) == [*[401] * 10, 429]
    refused = try_password(app, "Alice", alice.password)
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "too_many_requests"
    seconds = int(refused.headers["Retry-After"])
    assert 270 < seconds <= 300
    let_time_pass(valkey, seconds - 30)
    assert try_password(app, "Alice", alice.password).status_code == 429
    let_time_pass(valkey, 31)
    assert try_password(app, "Alice", alice.password).status_code == 200


@pytest.mark.usefixtures("alice")
def test_failures_are_counted_over_any_five_minutes(app: OpenAPI, valkey: redis.Redis) -> None:
    """Not by the clock, where twenty would fit around the full five minutes."""
    assert fail(app, "Alice", 1) == [401]
    let_time_pass(valkey, 290)
    assert fail(app, "Alice", 9) == [401] * 9
    let_time_pass(valkey, 20)
    assert fail(app, "Alice", 2) == [401, 429]


def test_the_fifty_first_failure_in_a_day_is_refused(
    app: OpenAPI, alice: Person, valkey: redis.Redis
) -> None:
    for _ in range(5):
        assert fail(app, "Alice", 10) == [401] * 10
        let_time_pass(valkey, 301)
    refused = try_password(app, "Alice", alice.password)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > DAY - 3600
    let_time_pass(valkey, DAY)
    assert try_password(app, "Alice", alice.password).status_code == 200


@pytest.mark.usefixtures("alice")
def test_guesses_made_at_once_share_no_try(app: OpenAPI) -> None:
    with ThreadPoolExecutor(50) as pool:
        guesses = [f"guess-{each}" for each in range(50)]
        answers = list(pool.map(lambda guess: try_password(app, "Alice", guess), guesses))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) == 10
    # Some find the queue for a hash full.
    assert set(statuses) <= {401, 429, 503}


def test_many_who_sign_in_at_once_do_not_count_against_each_other(
    app: OpenAPI, alice: Person
) -> None:
    with ThreadPoolExecutor(16) as pool:
        tries = [pool.submit(try_password, app, "Alice", alice.password) for _ in range(16)]
        assert {each.result().status_code for each in tries} == {200}


def test_signing_in_costs_no_try(app: OpenAPI, alice: Person) -> None:
    for _ in range(12):
        assert try_password(app, "Alice", alice.password).status_code == 200


@pytest.mark.usefixtures("alice")
def test_the_username_and_the_address_are_one_account(app: OpenAPI) -> None:
    assert fail(app, "Alice", 5) == [401] * 5
    assert fail(app, "ALICE@decoupled.dev", 6) == [*[401] * 5, 429]


@pytest.mark.usefixtures("alice")
def test_a_name_that_nobody_has_is_refused_alike(app: OpenAPI) -> None:
    known = [try_password(app, "Alice", "wrong-password") for _ in range(11)]
    unknown = [try_password(app, "Nobody", "wrong-password", HERE) for _ in range(11)]
    for one, other in zip(known, unknown, strict=True):
        assert one.status_code == other.status_code
        assert one.data == other.data
        assert set(one.headers.keys()) == set(other.headers.keys())


@pytest.mark.usefixtures("alice")
def test_a_forged_address_brings_no_new_tries(app: OpenAPI) -> None:
    """A thousand of them, without a proxy of ours in front."""
    statuses = [
        try_password(app, "Alice", "wrong", forwarded_for=network(each)).status_code
        for each in range(1000)
    ]
    assert statuses == [*[401] * 10, *[429] * 990]


@pytest.fixture
def behind_a_proxy(settings: Settings) -> Iterator[OpenAPI]:
    app = create_app(replace(settings, trusted_proxies=(PRIVATE_NETWORKS,)))
    yield app
    app.extensions["services"].close()


@pytest.mark.usefixtures("alice")
def test_a_forged_address_brings_no_new_tries_behind_a_proxy(behind_a_proxy: OpenAPI) -> None:
    """Which appends the address that it saw."""
    for each in range(1000):
        forged = f"{network(each)}, {ELSEWHERE}"
        answer = try_password(behind_a_proxy, "Alice", "wrong", "172.18.0.2", forged)
        assert answer.status_code == (401 if each < 10 else 429)


def test_two_people_behind_one_proxy_are_two(behind_a_proxy: OpenAPI, alice: Person) -> None:
    for _ in range(11):
        guess = try_password(behind_a_proxy, "Alice", "wrong", "172.18.0.2", ELSEWHERE)
    assert guess.status_code == 429
    own = try_password(behind_a_proxy, "Alice", alice.password, "172.18.0.2", "203.0.113.5")
    assert own.status_code == 200


def test_two_people_behind_one_address_are_two_accounts(
    app: OpenAPI, alice: Person, bob: Person
) -> None:
    assert fail(app, "Alice", 11, HERE)[-1] == 429
    assert try_password(app, "Bob", bob.password, HERE).status_code == 200
    assert alice.is_signed_in()


def test_who_guesses_elsewhere_does_not_shut_the_member_out(app: OpenAPI, alice: Person) -> None:
    assert fail(app, "Alice", 11)[-1] == 429
    assert try_password(app, "Alice", alice.password, HERE).status_code == 200


def test_guesses_from_many_networks_shut_the_account_but_not_where_it_is_known(
    app: OpenAPI, alice: Person, valkey: redis.Redis
) -> None:
    for each in range(10):
        assert fail(app, "Alice", 10, network(each)) == [401] * 10
    assert try_password(app, "Alice", alice.password, ELSEWHERE).status_code == 429
    assert try_password(app, "Alice", alice.password, HERE).status_code == 200
    let_time_pass(valkey, DAY)
    assert try_password(app, "Alice", alice.password, ELSEWHERE).status_code == 200


def test_a_reset_lets_the_member_in_where_others_have_guessed(
    app: OpenAPI, forgetful_alice: ForgetfulMember
) -> None:
    for each in range(10):
        assert fail(app, "Alice", 10, network(each)) == [401] * 10
    assert fail(app, "Alice", 1) == [429]
    code = forgetful_alice.get_code()
    assert forgetful_alice.enter(code, address=ELSEWHERE).status_code == 200
    assert try_password(app, "Alice", NEW_PASSWORD).status_code == 200
    assert fail(app, "Alice", 1, network(11)) == [401]


@pytest.mark.usefixtures("alice")
def test_the_addresses_of_one_ipv6_subscriber_are_one(app: OpenAPI) -> None:
    guesses = [try_password(app, "Alice", "wrong", f"2001:db8::{each}") for each in range(1, 12)]
    assert [answer.status_code for answer in guesses] == [*[401] * 10, 429]


@pytest.mark.usefixtures("alice")
def test_one_network_does_not_try_one_password_on_everybody(settings: Settings) -> None:
    app = create_app(replace(settings, sign_in_failures_per_network=12))
    statuses = [fail(app, f"member{each}", 1)[0] for each in range(13)]
    assert statuses == [*[401] * 12, 429]
    assert fail(app, "member0", 1, HERE) == [401]
    app.extensions["services"].close()


def test_one_network_makes_only_so_many_accounts(settings: Settings) -> None:
    app = create_app(replace(settings, registrations_per_network=2))
    Person(app, "One").register()
    Person(app, "Two").register()
    body = {"username": "Three", "password": "12345678", "email": "three@decoupled.dev"}
    refused = Browser(app).post("/auth/register", body)
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    elsewhere = {"REMOTE_ADDR": ELSEWHERE}
    answer = Browser(app).post("/auth/register", body, environ_overrides=elsewhere)
    assert answer.status_code == 201
    app.extensions["services"].close()


def test_without_redis_nobody_guesses(app: OpenAPI, alice: Person, valkey_server: Valkey) -> None:
    valkey_server.kill()
    try:
        assert fail(app, "Alice", 3) == [503] * 3
        assert try_password(app, "Alice", alice.password).status_code == 503
        body = {"username": "New", "password": "12345678", "email": "new@decoupled.dev"}
        assert Browser(app).post("/auth/register", body).status_code == 503
    finally:
        valkey_server.start()


@pytest.mark.usefixtures("alice")
def test_what_is_counted_names_nobody_and_expires(app: OpenAPI, valkey: redis.Redis) -> None:
    """Now and then a password is typed where the name belongs."""
    fail(app, "my-secret-password", 1)
    keys = [key.decode() for key in valkey.keys("limits:*")]
    assert any(key.startswith("limits:sign_in:") for key in keys)
    assert not any("my-secret-password" in key for key in keys)
    assert all(0 < valkey.ttl(key) <= 30 * DAY for key in keys)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/auth/login", {"username": "nobody{}", "password": "a-password"}, 401),
        ("/auth/send-reset-token", {"email": "nobody{}@decoupled.dev"}, 200),
        (
            "/auth/register",
            {"username": "new{}", "email": "new{}@decoupled.dev", "password": "a-password"},
            201,
        ),
    ],
)
def test_a_site_has_not_as_many_tries_as_it_has_networks(
    settings: Settings, path: str, body: dict[str, str], status: int
) -> None:
    few = {"sign_in_failures": 1, "reset_requests": 1, "registrations": 1}
    app = create_app(
        replace(settings, **{f"{name}_per_network": most for name, most in few.items()})
    )

    def ask(number: int, site: str) -> int:
        this_body = {name: value.format(number) for name, value in body.items()}
        environ = {"REMOTE_ADDR": f"{site}:{number:x}::1"}
        return Browser(app).post(path, this_body, environ_overrides=environ).status_code

    assert [ask(number, "2001:db8:1") for number in range(11)] == [*[status] * 10, 429]
    assert ask(11, "2001:db8:2") == status
    app.extensions["services"].close()
