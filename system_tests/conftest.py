"""Where the system under test is: at the given addresses, or started for this run."""

import os
from collections.abc import Iterator

import pytest
from system_tests.deployment import Deployment
from system_tests.inbox import Inbox

DEFAULT_INBOX_URL = "http://localhost:8025"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("decoupled")
    group.addoption(
        "--url", help="API to test, e.g. http://localhost/api; default: a stack of its own"
    )
    group.addoption("--inbox-url", help=f"outbox of that system; default: {DEFAULT_INBOX_URL}")


@pytest.fixture(scope="session")
def deployment(pytestconfig: pytest.Config) -> Iterator[Deployment]:
    url = pytestconfig.getoption("url", None) or os.environ.get("CONFORMANCE_URL")
    inbox_url = pytestconfig.getoption("inbox_url", None) or os.environ.get("CONFORMANCE_INBOX_URL")
    if url:
        yield Deployment(url.rstrip("/"), (inbox_url or DEFAULT_INBOX_URL).rstrip("/"))
        return
    # Only here: the suite must run against a foreign system without our services installed.
    from system_tests.stack import running_stack

    with running_stack() as stack:
        yield Deployment(stack.url, stack.inbox_url)


@pytest.fixture(scope="session")
def inbox(deployment: Deployment) -> Iterator[Inbox]:
    inbox = Inbox(deployment.inbox_url)
    yield inbox
    inbox.close()
