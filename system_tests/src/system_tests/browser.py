"""Chromium, driven by Playwright: the one the system's package manager installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# Tests run as root, too, where Chromium refuses its sandbox; the others keep it from calling home.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Raises FileNotFoundError when there is no command named chromium."""
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
