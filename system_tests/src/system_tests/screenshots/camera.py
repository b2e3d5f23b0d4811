"""Takes the pictures: one window for each width, theme and reader."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, StorageState

from system_tests.screenshots.pages import Step, View

# In CSS pixels: a small phone, a tablet, a laptop.
WIDTHS = (360, 768, 1280)
HEIGHTS = {360: 740, 768: 1024, 1280: 860}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# A long list is the same all the way down.
TALLEST = 1600
SETTLING_MS = 15_000


@dataclass(frozen=True)
class Shot:
    """One picture: a view in one window."""

    view: View
    width: int
    theme: Literal["light", "dark"]

    @property
    def file_name(self) -> str:
        return f"{self.view.name.replace(' ', '-')}_{self.width}_{self.theme}.png"


@dataclass(frozen=True)
class Reader:
    """Who looks: with the cookies of a session, or none. The steps are in English."""

    web_url: str
    state: StorageState | None
    language: str

    @property
    def takes_steps(self) -> bool:
        return self.language.startswith("en")


@contextmanager
def open_window(
    browser: Browser, reader: Reader, width: int, theme: Literal["light", "dark"]
) -> Iterator[Page]:
    """A window without motion, so that a picture is not of something on its way."""
    context = browser.new_context(
        base_url=reader.web_url,
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=theme,
        locale=reader.language,
        reduced_motion="reduce",
        storage_state=reader.state,
    )
    context.set_default_timeout(SETTLING_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


def take(page: Page, steps: Iterable[Step], path: str, file: Path) -> bool:
    """Whether all of the page is within the window's width."""
    page.goto(path)
    page.get_by_role("main").get_by_role("heading").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("document.querySelector('.loading') === null")
    for step in steps:
        step(page)
    page.evaluate("document.fonts.ready")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    viewport = page.viewport_size
    assert viewport is not None
    full = {"width": viewport["width"], "height": max(height, viewport["height"])}
    page.set_viewport_size({"width": full["width"], "height": int(full["height"])})
    page.screenshot(path=file)
    overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(viewport)
    return int(overhang) <= 0
