"""Redis decides who is signed in. What it does not confirm is refused."""

from collections.abc import Iterator

import pytest
import redis
from system_tests.answers import assert_refused
from system_tests.person import Person
from system_tests.stack import StackUnderTest
from system_tests.visitor import Visitor
from system_tests.waiting import wait_until


@pytest.fixture
def _without_redis(stack: StackUnderTest, bob: Person) -> Iterator[None]:  # noqa: ARG001 (bob signs in before)
    valkey = stack.process("valkey")
    valkey.kill()
    yield
    valkey.start()


@pytest.mark.usefixtures("_without_redis")
def test_without_redis_no_session_counts(bob: Person) -> None:
    assert_refused(bob.get("/auth/session"), 503)
    assert_refused(bob.get("/feed"), 503)
    assert_refused(bob.post_message("Who am I?"), 503)
    assert_refused(bob.send("POST", "/auth/logout"), 503)


@pytest.mark.usefixtures("_without_redis")
def test_without_redis_nobody_signs_in(bob: Person) -> None:
    assert_refused(bob.login(bob.member), 503)


@pytest.mark.usefixtures("_without_redis")
def test_without_redis_everybody_can_still_read(stack: StackUnderTest) -> None:
    with Visitor(stack.url) as reader:
        assert reader.get("/posts").json()["message"] == "Got posts!"


@pytest.mark.usefixtures("_without_redis")
def test_without_redis_the_system_says_that_it_is_not_ready(stack: StackUnderTest) -> None:
    with Visitor(stack.url) as operator:
        answer = operator.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json()["data"]["redis"] == "down"
        assert operator.get("/health/live").is_success


def test_a_session_outlives_a_crash_of_redis(stack: StackUnderTest, bob: Person) -> None:
    stack.process("valkey").restart()
    wait_until(bob.is_signed_in, "bob is signed in again")


def test_a_logout_outlives_a_crash_of_redis(stack: StackUnderTest, bob: Person) -> None:
    (cookie,) = bob.http.cookies.jar
    assert bob.send("POST", "/auth/logout").is_success
    stack.process("valkey").restart()
    bob.http.cookies.set(cookie.name, cookie.value or "")
    wait_until(lambda: bob.get("/auth/session").status_code != 503, "redis is in use again")
    assert_refused(bob.get("/auth/session"), 401)


def test_a_session_that_redis_forgot_is_refused(stack: StackUnderTest, bob: Person) -> None:
    with redis.Redis.from_url(stack.redis_url) as connection:
        connection.flushall()
    assert_refused(bob.get("/auth/session"), 401)
    bob.sign_in()
    assert bob.is_signed_in()
