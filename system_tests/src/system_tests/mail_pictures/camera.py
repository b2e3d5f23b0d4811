"""Shows mails and pages, and takes their pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from system_tests.mail_pictures.programs import REMOVE_STYLES, WITHOUT_IMAGES, Program

# In CSS pixels. A picture of a mail is as high as the mail; this much it has in any case.
LEAST_HEIGHT = 200
# Frames are drawn as far as the window shows them.
PAGE_HEIGHT = 900


@contextmanager
def open_window(
    browser: Browser, width: int, height: int, theme: Literal["light", "dark"]
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, bypass_csp=True
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def show_mail(page: Page, html: str, program: Program) -> bool:
    """Whether all of the mail is within the window's width."""
    page.set_content(html)
    if not program.shows_images:
        page.add_style_tag(content=WITHOUT_IMAGES)
    if not program.reads_styles:
        page.evaluate(REMOVE_STYLES)
    return fits(page)


def fits(page: Page) -> bool:
    """Whether nothing is beyond the right edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def take(page: Page, file: Path) -> None:
    page.screenshot(path=file, full_page=True)
