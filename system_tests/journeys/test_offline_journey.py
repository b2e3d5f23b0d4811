"""Without a network: what opens, what is said, and what is never kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from system_tests.deployment import Deployment
from system_tests.members import new_member
from system_tests.window import Window

KEPT_ADDRESSES = """async () => {
    const names = await caches.keys()
    const kept = names.map(async (name) => (await caches.open(name)).keys())
    return (await Promise.all(kept)).flat().map(({ url }) => new URL(url).pathname)
}"""


@pytest.fixture
def member(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    with Window(browser, deployment.web_url, new_member("traveller")) as member:
        member.register()
        member.sign_in()
        yield member


def wait_until_kept(page: Page) -> None:
    """The service worker has the client's files, and stands between this page and the network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_the_client_opens_offline_and_goes_on_by_itself(member: Window) -> None:
    page = member.page
    wait_until_kept(page)
    page.context.set_offline(True)
    member.open("/")
    member.sees_heading("You are offline")
    # The code of a page that was never open is there, too.
    member.go("People")
    member.sees_heading("People")
    member.sees_heading("You are offline")
    member.open("/settings/profile")
    member.sees_heading("You are offline")
    page.context.set_offline(False)
    expect(page.get_by_label("About you")).to_be_visible()


def test_no_answer_of_the_api_is_kept(member: Window) -> None:
    member.write("A letter to the harbour", "Kept nowhere but where it belongs.")
    wait_until_kept(member.page)
    for path in ("/", "/following", "/settings/profile", "/settings/browsers", "/search?q=harbour"):
        member.open(path)
        member.page.wait_for_load_state("networkidle")
    kept = member.page.evaluate(KEPT_ADDRESSES)
    assert "/index.html" in kept
    assert [path for path in kept if path.startswith("/api")] == []


def test_what_is_written_offline_is_kept_and_posted_later(member: Window) -> None:
    wait_until_kept(member.page)
    member.go("Write")
    member.sees_heading("Write")
    member.page.context.set_offline(True)
    member.fill(Title="Written on the ferry", Text="Between two harbours.")
    member.press("Post it")
    member.sees("The server cannot be reached.")
    member.sees("What you wrote is kept in this browser.")
    member.page.context.set_offline(False)
    member.press("Post it")
    member.sees_status("Posted.")
    member.sees_heading("Written on the ferry")


def test_the_client_can_be_installed(member: Window) -> None:
    page = member.page
    manifest = page.request.get("/manifest.json").json()
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        answer = page.request.get(icon["src"])
        assert answer.ok, icon
        assert answer.headers["content-type"].startswith(icon["type"])
    devtools = page.context.new_cdp_session(page)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Windows of a test are private ones, from which nothing is installed.
    assert {error["errorId"] for error in errors} <= {"in-incognito"}
