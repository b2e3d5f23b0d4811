"""`python -m system_tests.mail_pictures`: every mail in every program, and the outbox's pages."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
from playwright.sync_api import Browser

from system_tests.browser import running_browser
from system_tests.mail_pictures.camera import (
    LEAST_HEIGHT,
    PAGE_HEIGHT,
    open_window,
    show_mail,
    take,
)
from system_tests.mail_pictures.mailer_alone import MailerAlone, running_mailer
from system_tests.mail_pictures.programs import PROGRAMS, Program
from system_tests.mail_pictures.samples import LANGUAGES, MAILS, request_for
from system_tests.screenshots.contact_sheet import Picture, write_contact_sheet

Rows = dict[str, list[Picture]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="system_tests.mail_pictures", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".build/mail_pictures"))
    parser.add_argument("--only", default="", help="mails whose name contains this")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="outbox-") as outbox,
        running_mailer(Path(outbox)) as mailer,
        running_browser() as browser,
    ):
        html_of = _letters(mailer)
        mails = {name: html for name, html in html_of.items() if options.only in name}
        rows = _mails(browser, mails, options.folder) | _inbox(browser, mailer, options.folder)
    print(write_contact_sheet(options.folder, "Every mail", rows).resolve())
    return 0


def _letters(mailer: MailerAlone) -> dict[str, str]:
    return {
        f"{name} ({language})": mailer.letter(request_for(name, language))
        for name in MAILS
        for language in LANGUAGES
    }


def _mails(browser: Browser, html_of: dict[str, str], folder: Path) -> Rows:
    rows: Rows = {name: [] for name in html_of}
    for program in PROGRAMS:
        for name, picture in _in_program(browser, program, html_of, folder):
            rows[name].append(picture)
    return rows


def _in_program(
    browser: Browser, program: Program, html_of: dict[str, str], folder: Path
) -> Iterator[tuple[str, Picture]]:
    with open_window(browser, program.width, LEAST_HEIGHT, program.theme) as page:
        for name, html in html_of.items():
            picture = Picture(_file_name(name, program.name), program.name)
            if not show_mail(page, html, program):
                print(f"{picture.file_name}: wider than its window", file=sys.stderr)
            take(page, folder / picture.file_name)
            yield name, picture


def _inbox(browser: Browser, mailer: MailerAlone, folder: Path) -> Rows:
    """The outbox's pages, with all of the mails in it."""
    newest = _json(mailer, {"limit": "1"})[0]["id"]
    [shown] = [mail["id"] for mail in _json(mailer, {"search": "quay kiosk posted", "limit": "1"})]
    pages = {
        "inbox": "/",
        "inbox, found": "/?search=ferry",
        "inbox, nothing found": "/?search=xylophonist",
        "inbox, a mail": f"/mails/{shown}",
        "inbox, its text": f"/mails/{shown}?show=text",
        "inbox, its headers": f"/mails/{shown}?show=headers",
        "inbox, its source": f"/mails/{newest}?show=source",
    }
    rows: Rows = {name: [] for name in pages}
    for program in PROGRAMS:
        if not (program.shows_images and program.reads_styles):
            continue
        with open_window(browser, program.width, PAGE_HEIGHT, program.theme) as page:
            for name, path in pages.items():
                picture = Picture(_file_name(name, program.name), program.name)
                page.goto(f"{mailer.inbox_url}{path}")
                take(page, folder / picture.file_name)
                rows[name].append(picture)
    return rows


def _json(mailer: MailerAlone, query: dict[str, str]) -> list[dict[str, str]]:
    answer = httpx.get(f"{mailer.inbox_url}/api/mails", params=query).raise_for_status()
    mails: list[dict[str, str]] = answer.json()["data"]
    return mails


def _file_name(*words: str) -> str:
    kept = "_".join(words).replace(" ", "-")
    return "".join(each for each in kept if each.isalnum() or each in "-_") + ".png"


if __name__ == "__main__":
    sys.exit(main())
