"""Every mail as Chromium shows it. Whether it is beautiful, people see: `make mail-pictures`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from system_tests.accessibility import assert_without_barriers
from system_tests.mail_pictures.camera import LEAST_HEIGHT, PAGE_HEIGHT, open_window, show_mail
from system_tests.mail_pictures.mailer_alone import MailerAlone, running_mailer
from system_tests.mail_pictures.programs import PROGRAMS, Program
from system_tests.mail_pictures.samples import LANGUAGES, MAILS, request_for


@pytest.fixture(scope="module")
def mailer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailerAlone]:
    with running_mailer(tmp_path_factory.mktemp("outbox")) as mailer:
        yield mailer


@pytest.fixture(scope="module")
def letters(mailer: MailerAlone) -> dict[str, str]:
    return {
        f"{name} in {language}": mailer.letter(request_for(name, language))
        for name in MAILS
        for language in LANGUAGES
    }


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_mail_fits_into_the_window_of_every_program(
    browser: Browser, letters: dict[str, str], program: Program
) -> None:
    with open_window(browser, program.width, LEAST_HEIGHT, program.theme) as page:
        overhanging = [name for name, html in letters.items() if not show_mail(page, html, program)]

    assert overhanging == []


@pytest.mark.parametrize(
    "program", [each for each in PROGRAMS if each.reads_styles], ids=lambda program: program.name
)
def test_every_mail_is_without_barriers(
    browser: Browser, letters: dict[str, str], program: Program
) -> None:
    with open_window(browser, program.width, PAGE_HEIGHT, program.theme) as page:
        for html in letters.values():
            show_mail(page, html, program)
            assert_without_barriers(page)


def test_no_mail_asks_for_anything_from_anywhere(browser: Browser, letters: dict[str, str]) -> None:
    asked: list[str] = []
    with open_window(browser, PROGRAMS[0].width, PAGE_HEIGHT, "light") as page:
        page.on("request", lambda request: asked.append(request.url))
        for html in letters.values():
            show_mail(page, html, PROGRAMS[0])

    assert asked == []


@pytest.fixture(params=["light", "dark"])
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with open_window(browser, 360, PAGE_HEIGHT, request.param) as page:
        yield page


@pytest.mark.parametrize("path", ["/", "/?search=ferry", "/?search=none-has-this"])
def test_the_list_of_the_outbox_is_without_barriers(
    window: Page, mailer: MailerAlone, letters: dict[str, str], path: str
) -> None:
    assert letters
    window.goto(f"{mailer.inbox_url}{path}")

    assert_without_barriers(window)


@pytest.mark.parametrize("show", ["letter", "phone", "text", "headers", "source"])
def test_a_mail_of_the_outbox_is_without_barriers(
    window: Page, mailer: MailerAlone, show: str
) -> None:
    mail_id = mailer.send(request_for("new_post, hard to set", "en"))
    window.goto(f"{mailer.inbox_url}/mails/{mail_id}?show={show}")

    assert_without_barriers(window)
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_outbox_shows_the_mail_in_its_frame_and_runs_nothing_in_it(
    browser: Browser, mailer: MailerAlone, tmp_path: Path
) -> None:
    mail_id = mailer.send(request_for("new_post", "en"))
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{mailer.inbox_url}/mails/{mail_id}")
    page.frame_locator("iframe").get_by_role("heading", name="The ferry leaves").wait_for()
    page.screenshot(path=tmp_path / "frame.png")
    context.close()

    assert complaints == []
