"""The specification's examples, as they are written, in a page of the client."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from system_tests.deployment import Deployment
from system_tests.members import Member
from system_tests.specification_examples import read_examples
from system_tests.visitor import Visitor

EXAMPLES = read_examples(Path(__file__).parents[1] / "specification" / "specification.md")
PEOPLE = [
    Member("el_atla", "el_atla@decoupled.dev", "12345678"),
    Member("test_user", "test@decoupled.dev", "12345678"),
]


@pytest.fixture(autouse=True)
def _people_of_the_examples(deployment: Deployment) -> None:
    with Visitor(deployment.url) as visitor:
        for member in PEOPLE:
            visitor.register(member)


def program(url: str, call: str) -> str:
    """JavaScript that runs a fetch call and returns what it got."""
    return f"""(async () => {{
        const url = {json.dumps(url)};
        {call}
        return {{ status: response.status, body: await response.json() }};
    }})()"""


def test_somebody_signs_in_posts_and_reads_with_the_calls_of_the_specification(
    browser: Browser, deployment: Deployment
) -> None:
    page = browser.new_page()
    page.goto(deployment.web_url)

    def run(title: str) -> dict[str, Any]:
        answer: dict[str, Any] = page.evaluate(program(deployment.url, EXAMPLES[title].request))
        assert answer["body"]["message"] == EXAMPLES[title].response["message"]
        return answer

    assert run("Login")["status"] == 200
    assert "session" not in page.evaluate("document.cookie")
    assert run("Post message")["status"] == 201
    assert run("Get posts by user")["status"] == 200
    newest = run("Get all posts")["body"]["data"][0]
    assert newest["author_username"] == "el_atla"
    assert newest["title"] == "My new post"
    page.close()
