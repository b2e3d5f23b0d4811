"""The first posts of a first visit, which are there before the client is."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from system_tests.accessibility import assert_without_barriers
from system_tests.answers import assert_succeeded
from system_tests.deployment import Deployment
from system_tests.members import unique_suffix
from system_tests.person import Person

CLIENT = "**/assets/client-*.js"
POSTS = "**/api/posts?limit=20"
# Kept to be compared with what the client draws. Texts next to each other may be one or two, and
# the router gives every link a class, if an empty one.
KEEP_ARTICLES = """() => {
    const look = () => [...document.querySelectorAll('article')].slice(0, 2).map((article) => {
        const copy = article.cloneNode(true)
        copy.normalize()
        for (const link of copy.querySelectorAll('a[class=""]')) link.removeAttribute('class')
        return { copy, place: JSON.stringify(article.getBoundingClientRect()) }
    })
    const early = look()
    window.sameAsEarly = () => look().map(({ copy, place }, number) =>
        copy.isEqualNode(early[number].copy) && place === early[number].place)
    return early.length
}"""
SHIFTS = """() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true })
    setTimeout(() => resolve([]), 500)
})"""


class HeldClient:
    """A first visit whose page has everything but the client's own code."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self._held: list[Route] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(CLIENT, lambda route: self._held.append(route))

    def open(self, address: str = "/") -> None:
        self.page.goto(address, wait_until="commit")
        self.page.locator("#app").wait_for()

    def release(self) -> None:
        for route in self._held:
            route.continue_()
        self.page.unroute(CLIENT)
        # Only the client draws where to go.
        self.page.get_by_role("navigation").first.wait_for()

    def take_over(self) -> None:
        """Fails when the client draws the posts in another way, or elsewhere."""
        early = self.page.evaluate(KEEP_ARTICLES)
        assert early > 0
        self.release()
        assert self.page.evaluate("sameAsEarly()") == [True] * early


@contextmanager
def held_client(
    browser: Browser, deployment: Deployment, locale: str = "en-GB"
) -> Iterator[HeldClient]:
    context = browser.new_context(
        base_url=deployment.web_url, locale=locale, service_workers="block"
    )
    client = HeldClient(context.new_page())
    try:
        yield client
    finally:
        context.close()
    assert not client.errors


@pytest.fixture
def author(deployment: Deployment) -> Iterator[Person]:
    with Person.signed_in(deployment.url, "author") as author:
        yield author


def post(author: Person, title: str, content: str = "Fog in the harbour.") -> None:
    assert_succeeded(author.post_message(title, content), 201, "Post created successfully")


def test_the_first_posts_are_read_before_the_client_is_there_and_it_draws_the_same(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    title = f"Before anything else {unique_suffix()}"
    post(author, f"Below it {unique_suffix()}", "¿Mañana?\nHigh water at #noon, low at #six-pm.")
    post(author, title)
    with held_client(browser, deployment) as client:
        page = client.page
        client.open()
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
        expect(page.get_by_text("A place for short posts.")).to_be_visible()
        expect(page.get_by_role("article")).to_have_count(2)
        expect(page.get_by_role("navigation")).to_have_count(0)
        assert_without_barriers(page)
        client.take_over()
        expect(page.get_by_role("heading", name=title)).to_have_count(1)
        assert page.evaluate(SHIFTS) == []


def test_a_visitor_from_mexico_reads_them_in_spanish(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    post(author, f"La marea {unique_suffix()}", "Pleamar a las ocho. #puerto")
    with held_client(browser, deployment, "es-MX") as client:
        client.open()
        expect(client.page.get_by_text("Un lugar para publicaciones breves.")).to_be_visible()
        expect(client.page.get_by_role("article").first.locator("time")).to_have_text("ahora")
        client.take_over()


def test_what_looks_like_code_in_a_post_is_text(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    hostile = f"<img src=x onerror=alert({unique_suffix()!r})>"
    post(author, hostile, f"{hostile} #<b>bold</b> {{{{ 7 * 7 }}}}")
    with held_client(browser, deployment) as client:
        client.open()
        expect(client.page.get_by_role("link", name=hostile, exact=True)).to_be_visible()
        expect(client.page.locator("article img, article b")).to_have_count(0)
        client.take_over()


def test_a_link_leads_to_the_post_without_the_client(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    title = f"Followed at once {unique_suffix()}"
    post(author, title)
    with held_client(browser, deployment) as client:
        client.open()
        client.page.get_by_role("link", name=title, exact=True).click(no_wait_after=True)
        client.page.wait_for_url("**/posts/*", wait_until="commit")
        client.release()
        expect(client.page.get_by_role("heading", name=title, level=1)).to_be_visible()


def test_whoever_may_be_signed_in_waits_for_the_client(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    post(author, f"For members, too {unique_suffix()}")
    with held_client(browser, deployment) as client:
        page = client.page
        page.add_init_script("localStorage.setItem('signed-in', 'yes')")
        client.open()
        page.evaluate("fetch('/api/posts?limit=1').then((answer) => answer.text())")
        expect(page.get_by_role("article")).to_have_count(0)
        client.release()
        page.get_by_role("article").first.wait_for()


def test_a_failure_is_told_by_the_client_which_asks_again(
    browser: Browser, deployment: Deployment, author: Person
) -> None:
    title = f"Asked for twice {unique_suffix()}"
    post(author, title)
    with held_client(browser, deployment) as client:
        page = client.page
        page.route(POSTS, lambda route: route.fulfill(status=503, json={"code": "postgres_down"}))
        client.open()
        client.release()
        expect(page.get_by_role("alert")).to_contain_text("not answering")
        page.unroute(POSTS)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
