"""What is in the logs of all parts, and what must not be. Bar S16."""

from dataclasses import replace

from system_tests.inbox import Inbox
from system_tests.log_secrets import lines_with_secrets, mailed_codes
from system_tests.person import Person
from system_tests.stack import StackUnderTest
from system_tests.visitor import Visitor
from system_tests.waiting import wait_until

NEW_PASSWORD = "another-horse-battery"
FORGED = "nobody\r\n2026-01-01T00:00:00Z info signed_in user_id=forged\u2028"


def lines_with(stack: StackUnderTest, words: str) -> list[str]:
    return [line for line in stack.log.read_text().splitlines() if words in line]


def test_no_part_logs_a_code_a_password_a_token_or_a_key(
    stack: StackUnderTest, bob: Person, inbox: Inbox
) -> None:
    bob.login(replace(bob.member, password="a-wrong-password"))
    confirmation = inbox.wait_for(bob.member.email, "confirm_email").link("/confirm-email")
    token = confirmation.partition("token=")[2]
    bob.send("POST", "/auth/confirm-email", {"token": token})
    bob.send_reset_token(bob.member.email)
    code = inbox.wait_for(bob.member.email, "reset_code").reset_code
    bob.restart_password(bob.member.email, "zzzzzz", NEW_PASSWORD)
    assert bob.restart_password(bob.member.email, code, NEW_PASSWORD).is_success
    bob.login(replace(bob.member, password=NEW_PASSWORD))
    body = {"currentPassword": NEW_PASSWORD, "newPassword": "a-third-password"}
    assert bob.send("PUT", "/auth/password", body).is_success
    session = bob.http.cookies["session"]
    assert code in mailed_codes(stack.state_folder)
    wait_until(lambda: lines_with(stack, "password_changed"), "it is logged")
    assert lines_with_secrets(stack.log, stack.state_folder) == []
    for secret in (NEW_PASSWORD, "a-wrong-password", "a-third-password", token, session):
        assert lines_with(stack, secret) == []


def test_each_sign_in_is_one_line_whatever_the_name(
    stack: StackUnderTest, visitor: Visitor, bob: Person
) -> None:
    bob_id = bob.get("/auth/session").json()["data"]["id"]
    before = len(lines_with(stack, "sign_in_refused"))
    assert visitor.login(replace(bob.member, username=FORGED)).status_code == 401
    assert visitor.login(replace(bob.member, password="a-wrong-password")).status_code == 401
    assert visitor.login(bob.member).status_code == 200
    # Before the test, and in it.
    signed_in = f" signed_in user_id={bob_id}"
    wait_until(lambda: len(lines_with(stack, signed_in)) == 2, "it is logged")
    assert len(lines_with(stack, "sign_in_refused")) == before + 2
    assert len(lines_with(stack, f"sign_in_refused account={bob_id}")) == 1
    assert lines_with(stack, "forged") == []
