"""Finding people, following them from the list, and seeing who follows whom."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from system_tests.deployment import Deployment
from system_tests.members import new_member
from system_tests.person import Person
from system_tests.window import Window


@pytest.fixture
def author(deployment: Deployment) -> Iterator[Person]:
    with Person.signed_in(deployment.url, "author") as author:
        yield author


@pytest.fixture
def reader(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    with Window(browser, deployment.web_url, new_member("reader")) as reader:
        reader.register()
        reader.sign_in()
        yield reader


def test_a_reader_finds_somebody_by_name_and_follows_them(author: Person, reader: Window) -> None:
    username = author.member.username
    reader.go("People")
    reader.sees_heading("People")
    reader.fill(Find_someone_by_name=username.upper())
    expect(reader.page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    reader.press(f"Follow {username}")
    reader.page.get_by_role("button", name="Following, mail at once").click()
    reader.page.get_by_role("menuitemradio", name="in a digest").click()
    expect(reader.page.get_by_role("button", name="Following, mail in a digest")).to_be_visible()

    reader.go(username)
    reader.sees_heading(username)
    reader.go("1 follower")
    reader.go(reader.member.username)
    reader.sees_heading(reader.member.username)
    reader.go("follows 1")
    reader.sees(username)
    reader.go(username)
    reader.page.get_by_role("button", name="Following, mail in a digest").click()
    reader.page.get_by_role("menuitem", name="Stop following").click()
    expect(reader.page.get_by_role("link", name="0 followers")).to_be_visible()
