"""The specification's own examples, run as they are written, and answered letter by letter."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from system_tests.deployment import Deployment
from system_tests.fetch_calls import Answer, run_in_node, run_in_python
from system_tests.inbox import Inbox
from system_tests.members import Member, new_member
from system_tests.specification_examples import read_examples
from system_tests.visitor import Visitor

Run = Callable[..., Answer]

EXAMPLES = read_examples(Path(__file__).with_name("specification.md"))
LISTS = pytest.mark.parametrize("title", ["Get all posts", "Get posts by user"])
RUNNERS = pytest.mark.parametrize(
    "run", [pytest.param(run_in_node, id="node"), pytest.param(run_in_python, id="python")]
)
# The people whom the examples name.
EL_ATLA = Member("el_atla", "el_atla@decoupled.dev", "12345678")
TEST_USER = Member("test_user", "test@decoupled.dev", "12345678")


@pytest.fixture(scope="module", autouse=True)
def first_registration(deployment: Deployment, inbox: Inbox) -> Answer:
    """Registers the people of the examples, on a system that may know them from an earlier run."""
    answer = run_in_node(deployment.url, EXAMPLES["Register"].request)
    for member in (EL_ATLA, TEST_USER):
        with Visitor(deployment.url) as person:
            person.register(member)
            if person.login(member).status_code != httpx.codes.OK:
                give_back_password(person, inbox, member)
            assert person.post_message("My awesome post", "All about my post...").is_success
    return answer


def give_back_password(person: Visitor, inbox: Inbox, member: Member) -> None:
    mails_before = len(inbox.mails(member.email, "reset_code"))
    person.send_reset_token(member.email)
    code = inbox.wait_for(member.email, "reset_code", mails_before + 1).reset_code
    assert person.restart_password(member.email, code, member.password).is_success
    assert person.login(member).is_success


def request_of(title: str, replacements: dict[str, str] | None = None) -> str:
    """Returns an example's fetch call, with some of its words replaced by others."""
    call = EXAMPLES[title].request
    for word, other in (replacements or {}).items():
        assert word in call
        call = call.replace(word, other)
    return call


def assert_answers_as_written(answer: Answer, title: str, status: int) -> None:
    expected = EXAMPLES[title].response
    assert answer.status == status, answer.body
    assert not answer.redirected
    assert answer.body["message"] == expected["message"]
    if "data" in expected:
        assert_same_shape(answer.body["data"], expected["data"])


def assert_same_shape(actual: Any, example: Any) -> None:
    """Checks that `actual` has every key of the example, with values of the same type."""
    assert type(actual) is type(example)
    if isinstance(example, dict):
        assert example.keys() <= actual.keys()
        for key, value in example.items():
            if key == "author_email" and actual[key] is None:
                continue  # An author may hide the address.
            assert_same_shape(actual[key], value)
    if isinstance(example, list):
        for item in actual:
            assert_same_shape(item, example[0])


@pytest.mark.parametrize(
    ("title", "endpoint"),
    [
        ("Login", "POST /auth/login"),
        ("Register", "POST /auth/register"),
        ("Send reset token", "POST /auth/send-reset-token"),
        ("Restart password", "PUT /auth/restart-password"),
        ("Post message", "POST /posts"),
        ("Get all posts", "GET /posts"),
        ("Get posts by user", "GET /posts/<user_username>"),
    ],
)
def test_the_specification_has_the_endpoint(title: str, endpoint: str) -> None:
    assert f"{EXAMPLES[title].method} {EXAMPLES[title].path}" == endpoint


def test_the_specification_has_no_other_endpoint() -> None:
    assert len(EXAMPLES) == 7


@RUNNERS
def test_the_login_example_answers_as_written(deployment: Deployment, run: Run) -> None:
    answer = run(deployment.url, request_of("Login"))
    assert_answers_as_written(answer, "Login", 200)
    assert answer.body["data"] == {"username": EL_ATLA.username, "email": EL_ATLA.email}


def test_the_register_example_unchanged_answers_as_written_or_that_the_name_is_taken(
    first_registration: Answer,
) -> None:
    if first_registration.status == 409:
        assert first_registration.body["code"] == "username_taken"
    else:
        assert_answers_as_written(first_registration, "Register", 201)


@RUNNERS
def test_the_register_example_with_a_free_name_answers_as_written(
    deployment: Deployment, run: Run
) -> None:
    name = new_member("el_atla").username
    answer = run(deployment.url, request_of("Register", {"el_atla": name}))
    assert_answers_as_written(answer, "Register", 201)
    assert answer.body == EXAMPLES["Register"].response


@RUNNERS
def test_the_send_reset_token_example_answers_as_written(deployment: Deployment, run: Run) -> None:
    answer = run(deployment.url, request_of("Send reset token"))
    assert_answers_as_written(answer, "Send reset token", 200)
    assert answer.body == EXAMPLES["Send reset token"].response


@RUNNERS
def test_the_restart_password_example_unchanged_is_refused_for_its_token(
    deployment: Deployment, run: Run
) -> None:
    answer = run(deployment.url, request_of("Restart password"))
    assert answer.status == 422
    assert answer.body["code"] == "invalid_reset_token"


@RUNNERS
def test_the_restart_password_example_with_the_token_of_a_mail_answers_as_written(
    deployment: Deployment, visitor: Visitor, inbox: Inbox, run: Run
) -> None:
    member = new_member("el_atla")
    visitor.register(member)
    visitor.send_reset_token(member.email)
    code = inbox.wait_for(member.email, "reset_code").reset_code
    replacements = {"123456": code, "el_atla": member.username}
    answer = run(deployment.url, request_of("Restart password", replacements))
    assert_answers_as_written(answer, "Restart password", 200)
    assert answer.body == EXAMPLES["Restart password"].response
    assert visitor.login(Member(member.username, member.email, "supersecurepassword")).is_success


@RUNNERS
def test_the_post_message_example_answers_as_written(deployment: Deployment, run: Run) -> None:
    answer = run(deployment.url, request_of("Login"), request_of("Post message"))
    assert_answers_as_written(answer, "Post message", 201)


@RUNNERS
def test_the_post_message_example_without_a_session_is_refused(
    deployment: Deployment, run: Run
) -> None:
    assert run(deployment.url, request_of("Post message")).status == 401


@RUNNERS
@LISTS
def test_a_list_example_answers_as_written(deployment: Deployment, title: str, run: Run) -> None:
    answer = run(deployment.url, request_of("Login"), request_of(title))
    assert_answers_as_written(answer, title, 200)
    assert answer.body["data"]
    for post in answer.body["data"]:
        assert str(uuid.UUID(post["id"])) == post["id"]


@RUNNERS
@LISTS
def test_a_list_example_needs_no_session(deployment: Deployment, title: str, run: Run) -> None:
    assert_answers_as_written(run(deployment.url, request_of(title)), title, 200)


def test_the_posts_by_user_example_lists_the_post_of_that_user(deployment: Deployment) -> None:
    newest = run_in_node(deployment.url, request_of("Get posts by user")).body["data"][0]
    (example,) = EXAMPLES["Get posts by user"].response["data"]
    assert {key: newest[key] for key in example} == example | {"id": newest["id"]}
