"""Chromium, driven by Playwright: the one the system's package manager installed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# Tests run as root, too, where Chromium refuses its sandbox; the others keep it from calling home.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
# Of a deployment whose certificate no public authority signed: base64 of its key's SHA-256.
TRUSTED_KEY_VARIABLE = "TRUSTED_KEY"


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Raises FileNotFoundError when there is no command named chromium."""
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium")
    arguments = list(ARGUMENTS)
    if trusted_key := os.environ.get(TRUSTED_KEY_VARIABLE):
        arguments.append(f"--ignore-certificate-errors-spki-list={trusted_key}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()
