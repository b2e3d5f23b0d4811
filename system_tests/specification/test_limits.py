"""Passwords cannot be guessed at for long, whatever address is claimed."""

from dataclasses import replace

from system_tests.answers import assert_refused
from system_tests.person import Person
from system_tests.visitor import Visitor

FAILURES = 10


def test_the_eleventh_wrong_password_is_refused_unseen(visitor: Visitor, bob: Person) -> None:
    wrong = replace(bob.member, password="wrong-password")
    for number in range(FAILURES):
        visitor.http.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        assert_refused(visitor.login(wrong), 401)
    visitor.http.headers["X-Forwarded-For"] = "203.0.113.5"
    refused = visitor.login(bob.member)
    assert assert_refused(refused, 429)["code"] == "too_many_requests"
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert bob.is_signed_in()
