"""A browser, and a window of it for each person."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from system_tests.browser import running_browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser
