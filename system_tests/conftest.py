"""Where the system under test is: at the given addresses, or started for this run."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from system_tests.browser import running_browser
from system_tests.deployment import Deployment
from system_tests.inbox import Inbox

DEFAULT_INBOX_URL = "http://localhost:8025"
# Of a stack's log, shown with a test that fails.
LAST_LINES = 60

LOGS = pytest.StashKey[list[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("decoupled")
    group.addoption(
        "--url", help="API to test, e.g. http://localhost/api; default: a stack of its own"
    )
    group.addoption("--inbox-url", help=f"outbox of that system; default: {DEFAULT_INBOX_URL}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for log in filter(Path.exists, item.config.stash.get(LOGS, [])):
            lines = log.read_text(errors="replace").splitlines()[-LAST_LINES:]
            report.sections.append((str(log), "\n".join(lines)))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all: Playwright's loop runs once in a process."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def show_log(pytestconfig: pytest.Config) -> Callable[[Path], None]:
    """Makes every test that fails from now on show the end of this log."""
    return pytestconfig.stash.setdefault(LOGS, []).append


@pytest.fixture(scope="session")
def deployment(
    pytestconfig: pytest.Config, show_log: Callable[[Path], None]
) -> Iterator[Deployment]:
    url = pytestconfig.getoption("url", None) or os.environ.get("CONFORMANCE_URL")
    inbox_url = pytestconfig.getoption("inbox_url", None) or os.environ.get("CONFORMANCE_INBOX_URL")
    if url:
        yield Deployment(url.rstrip("/"), (inbox_url or DEFAULT_INBOX_URL).rstrip("/"))
        return
    # Only here: the suite must run against a foreign system without our services installed.
    from system_tests.log_secrets import lines_with_secrets
    from system_tests.stack import running_stack

    with running_stack() as stack:
        show_log(stack.log)
        yield Deployment(stack.url, stack.inbox_url)
        # Bar S16: after all that the tests have done.
        assert lines_with_secrets(stack.log, stack.state_folder) == []


@pytest.fixture(scope="session")
def inbox(deployment: Deployment) -> Iterator[Inbox]:
    inbox = Inbox(deployment.inbox_url)
    yield inbox
    inbox.close()
