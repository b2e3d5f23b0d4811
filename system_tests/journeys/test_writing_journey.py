"""Writing: completion, a near-copy, taking back, and what becomes of words when a session ends."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from system_tests.accessibility import assert_without_barriers
from system_tests.deployment import Deployment
from system_tests.members import new_member, unique_suffix
from system_tests.person import Person
from system_tests.waiting import wait_until
from system_tests.window import Window

TEXT = "The dahlias went overnight, all of them at once, like somebody had turned the sound down."


@pytest.fixture
def author(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    with Window(browser, deployment.web_url, new_member("writer")) as author:
        author.register()
        author.sign_in()
        yield author


def suggested(person: Person, typed: str) -> str:
    return person.http.get("/search/suggestions", params={"q": typed}).text


def test_a_post_is_written_with_completion_and_says_whom_it_reaches(
    author: Window, deployment: Deployment
) -> None:
    with Person.signed_in(deployment.url, "mentioned") as mentioned:
        name = mentioned.member.username
        # Names of authors are completed, once they are in the index.
        assert mentioned.post_message("A first letter").is_success
        wait_until(lambda: name in suggested(mentioned, f"@{name}"), "the name is suggested")
        author.go("Write")
        author.sees_heading("Write")
        author.sees("Nobody gets your posts by mail yet")
        author.fill(Title="A letter to a friend")
        author.page.get_by_label("Text").press_sequentially(f"Dear @{name[:-2]}")
        author.page.get_by_role("option", name=name).wait_for()
        assert_without_barriers(author.page)
        author.page.keyboard.press("Enter")
        expect(author.page.get_by_label("Text")).to_have_value(f"Dear @{name} ")
    author.press("Post it")
    author.sees_status("Posted.")
    author.sees("Nobody was told of it by mail.")


def test_a_near_copy_of_ones_own_is_asked_about(author: Window) -> None:
    suffix = unique_suffix()
    author.write(f"Frost {suffix}", f"{TEXT} {suffix}")
    author.go("Write")
    author.fill(Title=f"Frost {suffix}", Text=f"{TEXT} {suffix}!")
    author.press("Post it")
    author.sees("This is close to a post of yours")
    assert_without_barriers(author.page)
    author.press("Post it anyway")
    author.sees_status("Posted.")


def test_a_deleted_post_is_had_back_and_then_goes_for_good(author: Window) -> None:
    title = f"Not for long {unique_suffix()}"
    author.write(title, "Take it back while there is time.")
    author.press("Delete")
    author.sees("The post is deleted.")
    expect(author.page.get_by_role("heading", name=title)).to_have_count(0)
    assert_without_barriers(author.page)
    author.press("Undo")
    author.sees_heading(title)

    address = author.page.url
    author.press("Delete")
    author.sees("The post is deleted.")
    # Closing the window is no undo.
    with author.page.expect_response(lambda answer: answer.request.method == "DELETE") as told:
        author.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert told.value.ok
    author.open(address)
    author.sees_heading("This post is not here, or no longer")


def test_a_session_that_ends_while_writing_takes_no_words_along(
    browser: Browser, deployment: Deployment, author: Window
) -> None:
    author.go("Write")
    author.fill(Title="Half a letter", Text="And here the session ends")
    with Window(browser, deployment.web_url, author.member) as elsewhere:
        elsewhere.sign_in()
        elsewhere.open("/settings/browsers")
        elsewhere.press("Sign out everywhere else")
        elsewhere.sees_status("You are signed in only here now.")
    author.press("Post it")
    author.sees("You are not signed in any more.")
    author.sees("What you wrote is kept in this browser.")
    author.go("Sign in again")
    author.fill(Username_or_email=author.member.username, Password=author.member.password)
    author.press("Sign in")
    author.sees_heading("Write")
    expect(author.page.get_by_label("Title")).to_have_value("Half a letter")
    expect(author.page.get_by_label("Text")).to_have_value("And here the session ends")
    author.press("Post it")
    author.sees_status("Posted.")
