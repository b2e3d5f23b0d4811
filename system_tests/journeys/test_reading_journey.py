"""Reading: the first visit, new posts, a long list and back, searching, the keyboard."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from system_tests.accessibility import assert_without_barriers
from system_tests.answers import assert_succeeded
from system_tests.deployment import Deployment
from system_tests.members import new_member, unique_suffix
from system_tests.person import Person
from system_tests.window import Window

# More than two pages of a list.
MANY = 45
# The names of the typefaces that the page has fetched.
TYPEFACES = """() => performance.getEntriesByType('resource')
    .filter(({ name }) => name.endsWith('.woff2'))
    .map(({ name }) => name.split('/').at(-1).replace(/-.{8}[.]woff2$/, ''))"""
# Who asked for a path since the page was opened: `link` is a preload, `fetch` the client.
ASKED_BY = """(path) => performance.getEntriesByType('resource')
    .filter(({ name }) => new URL(name).pathname === path)
    .map(({ initiatorType }) => initiatorType)"""


@pytest.fixture
def author(deployment: Deployment) -> Iterator[Person]:
    with Person.signed_in(deployment.url, "author") as author:
        yield author


@pytest.fixture
def reader(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    with Window(browser, deployment.web_url, new_member("reader")) as reader:
        yield reader


def post(author: Person, title: str, content: str = "Fog in the harbour.") -> None:
    assert_succeeded(author.post_message(title, content), 201, "Post created successfully")


def heading(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def test_a_first_visit_asks_for_the_posts_once_and_nobody_else_for_anything(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    post(author, f"Seen at first {unique_suffix()}")
    window = Window(browser, deployment.web_url, new_member("stranger"))
    asked: list[Request] = []
    window.page.on("request", lambda request: asked.append(request))
    with window:
        window.page.get_by_role("article").first.wait_for()
        window.page.wait_for_load_state("networkidle")
        assert_without_barriers(window.page)
    addresses = [urlsplit(request.url) for request in asked]
    own = urlsplit(deployment.web_url).netloc
    assert {address.netloc for address in addresses if address.netloc} == {own}
    assert [address.path for address in addresses].count("/api/posts") == 1


def test_english_and_spanish_are_read_in_two_small_files_and_others_in_more(
    reader: Window, author: Person
) -> None:
    small = ["instrument-sans", "newsreader"]
    spanish = author.post_message("¿Qué tal?", f"Mañana más, «a las ocho». {unique_suffix()}")
    reader.open(f"/posts/{spanish.json()['data']['id']}")
    heading(reader.page, "¿Qué tal?")
    reader.page.evaluate("document.fonts.ready.then(() => undefined)")
    assert sorted(reader.page.evaluate(TYPEFACES)) == small

    polish = author.post_message("Zażółć gęślą jaźń", f"Łódź. {unique_suffix()}")
    reader.open(f"/posts/{polish.json()['data']['id']}")
    heading(reader.page, "Zażółć gęślą jaźń")
    reader.page.evaluate("document.fonts.ready.then(() => undefined)")
    assert sorted(reader.page.evaluate(TYPEFACES)) == [*small, "newsreader-latin-ext-wght-normal"]


def test_what_a_page_shows_is_asked_for_before_its_code_runs_and_once(
    reader: Window, author: Person
) -> None:
    reader.open("/")
    reader.page.get_by_role("article").first.wait_for()
    assert reader.page.evaluate(ASKED_BY, "/api/posts") == ["link"]

    title = f"Handed on {unique_suffix()}"
    answer = author.post_message(title, "Low water at noon. #quay")
    address = f"/posts/{answer.json()['data']['id']}"
    reader.open(address)
    heading(reader.page, title)
    assert reader.page.evaluate(ASKED_BY, f"/api{address}") == ["link"]

    reader.open("/search?q=%23quay")
    reader.page.get_by_role("article").first.wait_for()
    assert reader.page.evaluate(ASKED_BY, "/api/search/posts") == ["link"]


def test_new_posts_are_announced_and_shown_when_asked_for(reader: Window, author: Person) -> None:
    reader.page.get_by_role("main").wait_for()
    title = f"Newer than the list {unique_suffix()}"
    post(author, title)
    # As after a while in another window.
    reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    announced = reader.page.get_by_role("button", name="new post")
    announced.wait_for()
    assert_without_barriers(reader.page)
    expect(reader.page.get_by_role("heading", name=title)).to_have_count(0)
    announced.click()
    heading(reader.page, title)


def test_a_long_list_is_found_as_it_was_left(reader: Window, author: Person) -> None:
    for number in range(MANY):
        post(
            author,
            f"Letter {number}",
            f"Number {number} of {author.member.username}, {unique_suffix()}",
        )
    reader.open(f"/authors/{author.member.username}")
    reader.sees_heading(author.member.username)
    oldest = reader.page.get_by_role("link", name="Letter 0", exact=True)
    while oldest.count() == 0:
        reader.page.mouse.wheel(0, 2_000)
        reader.page.wait_for_timeout(50)
    oldest.scroll_into_view_if_needed()
    before = reader.page.evaluate("scrollY")
    oldest.click()
    # The list has that heading too, a level lower: going back at once would leave the author.
    expect(reader.page.get_by_role("heading", name="Letter 0", level=1)).to_be_visible()
    reader.page.go_back()
    expect(oldest).to_be_in_viewport()
    assert reader.page.evaluate("scrollY") == pytest.approx(before, abs=2)


def test_a_search_is_narrowed_and_who_finds_nothing_is_helped(
    reader: Window, author: Person
) -> None:
    word = f"lighthouse{unique_suffix()}"
    post(author, f"The {word} at dawn", "Its keeper counts gulls. #harbour")
    reader.go("Search")
    field = reader.page.get_by_role("main").get_by_label("Search posts")
    expect(field).to_be_focused()
    field.press_sequentially(word)
    heading(reader.page, f"The {word} at dawn")
    expect(reader.page.locator("mark").first).to_have_text(word, ignore_case=True)
    assert_without_barriers(reader.page)
    field.fill(f"{word} -keeper")
    reader.sees("No post matches")
    assert_without_barriers(reader.page)


def test_a_reader_goes_everywhere_by_keyboard(reader: Window, author: Person) -> None:
    title = f"Read by keyboard {unique_suffix()}"
    post(author, title)
    reader.open("/")
    reader.page.get_by_role("article").first.wait_for()
    keyboard = reader.page.keyboard
    keyboard.press("?")
    expect(reader.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert_without_barriers(reader.page)
    keyboard.press("Escape")
    keyboard.press("j")
    expect(reader.page.get_by_role("link", name=title, exact=True)).to_be_focused()
    keyboard.press("Enter")
    heading(reader.page, title)
    keyboard.press("g")
    keyboard.press("p")
    reader.sees_heading("People")


def test_an_address_that_leads_nowhere_leads_back(reader: Window) -> None:
    reader.open("/nowhere/at/all")
    reader.sees_heading("Nothing at this address")
    reader.go("Go to the posts")
    reader.page.get_by_role("article").first.wait_for()
