"""`python -m system_tests.screenshots`: a stack, filled with the demo, in pictures."""

import argparse
import sys
from pathlib import Path

import httpx
from local_stack.demo.fill import GUIDE, PASSWORD, RunningStack, fill
from local_stack.demo.stories import read_people
from playwright.sync_api import Browser

from system_tests.browser import running_browser
from system_tests.screenshots.camera import THEMES, WIDTHS, Reader, Shot, open_window, take
from system_tests.screenshots.contact_sheet import Picture, write_contact_sheet
from system_tests.screenshots.pages import VIEWS, View
from system_tests.stack import StackUnderTest, running_stack


def main() -> int:
    parser = argparse.ArgumentParser(prog="system_tests.screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".build/screenshots"))
    parser.add_argument("--only", default="", help="views whose name contains this")
    parser.add_argument("--language", default="en-GB", help="of the browser; default: %(default)s")
    options = parser.parse_args()
    views = [view for view in VIEWS if options.only in view.name]
    options.folder.mkdir(parents=True, exist_ok=True)
    with running_stack() as stack, running_browser() as browser:
        _fill(stack)
        shots = _take_all(browser, stack, views, options.folder, options.language)
    print(write_contact_sheet(options.folder, "Every page", _rows(shots)).resolve())
    return 0


def _rows(shots: list[Shot]) -> dict[str, list[Picture]]:
    rows: dict[str, list[Picture]] = {}
    for shot in shots:
        picture = Picture(shot.file_name, f"{shot.width} px, {shot.theme}")
        rows.setdefault(shot.view.name, []).append(picture)
    return rows


def _fill(stack: StackUnderTest) -> None:
    fill(
        RunningStack(stack.web_url, stack.backend_url, stack.inbox_url, stack.database_url),
        read_people(),
    )


def _take_all(
    browser: Browser, stack: StackUnderTest, views: list[View], folder: Path, language: str
) -> list[Shot]:
    """One window for each width, theme and reader, which goes from view to view."""
    stranger = Reader(stack.web_url, None, language)
    guide = _signed_in(browser, stranger)
    ids = {"post": _newest_post(stack, ""), "own_post": _newest_post(stack, f"/{GUIDE}")}
    shots = []
    for width in WIDTHS:
        for theme in THEMES:
            for reader in (stranger, guide):
                mine = [view for view in views if view.signed_in is (reader is guide)]
                with open_window(browser, reader, width, theme) as page:
                    for view in mine:
                        shot = Shot(view, width, theme)
                        steps = view.steps if reader.takes_steps else ()
                        path = view.path.format(**ids)
                        if not take(page, steps, path, folder / shot.file_name):
                            print(f"{shot.file_name}: wider than its window", file=sys.stderr)
                        shots.append(shot)
    return sorted(shots, key=lambda shot: views.index(shot.view))


def _signed_in(browser: Browser, stranger: Reader) -> Reader:
    with open_window(browser, stranger, WIDTHS[0], THEMES[0]) as page:
        answer = page.request.post(
            "/api/auth/login", data={"username": GUIDE, "password": PASSWORD}
        )
        assert answer.ok, answer.status_text
        page.goto("/")
        # What the client remembers: without it a visit does not ask for the session.
        page.evaluate("localStorage.setItem('signed-in', 'yes')")
        return Reader(stranger.web_url, page.context.storage_state(), stranger.language)


def _newest_post(stack: StackUnderTest, of: str) -> str:
    answer = httpx.get(f"{stack.url}/posts{of}", params={"limit": 1})
    return str(answer.raise_for_status().json()["data"][0]["id"])


if __name__ == "__main__":
    sys.exit(main())
