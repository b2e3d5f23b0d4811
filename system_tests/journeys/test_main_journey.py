"""The main job, from end to end: somebody writes, and whoever follows them is told by mail."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from system_tests.deployment import Deployment
from system_tests.inbox import Inbox, Mail
from system_tests.members import new_member, unique_suffix
from system_tests.person import Person
from system_tests.window import Window

NEW_PASSWORD = "another-horse-battery"


@pytest.fixture
def author(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    with Window(browser, deployment.web_url, new_member("author")) as author:
        yield author


@pytest.fixture
def reader(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    with Window(browser, deployment.web_url, new_member("reader")) as reader:
        yield reader


@pytest.fixture
def other_reader(deployment: Deployment, inbox: Inbox) -> Iterator[Person]:
    """Somebody who goes on reading, and shows by their mail that all readers' mail is out."""
    with Person.signed_in(deployment.url, "other_reader") as other:
        link = inbox.wait_for(other.member.email, "confirm_email").link("/confirm-email")
        token = link.partition("?token=")[2]
        assert other.send("POST", "/auth/confirm-email", {"token": token}).is_success
        yield other


def join(person: Window, inbox: Inbox) -> None:
    """Registers, confirms the address by the link in the mail, and signs in."""
    person.register()
    person.open(inbox.wait_for(person.member.email, "confirm_email").link("/confirm-email"))
    person.sees_status("The address is confirmed.")
    person.sign_in()


def follow(reader: Window, author: Window) -> None:
    username = author.member.username
    reader.open(f"/authors/{username}")
    reader.sees_heading(username)
    reader.press(f"Follow {username}")
    expect(reader.page.get_by_role("button", name="Following, mail at once")).to_be_visible()


def mail_about(inbox: Inbox, reader: Window | Person, title: str, count: int = 1) -> Mail:
    mail = inbox.wait_for(reader.member.email, "new_post", count)
    assert title in mail.subject
    return mail


def reset_password(person: Window, inbox: Inbox) -> None:
    person.go("Sign in")
    person.go("Forgot the password?")
    person.fill(Email=person.member.email)
    person.press("Send the code")
    person.sees_heading("New password")
    code = inbox.wait_for(person.member.email, "reset_code").reset_code
    person.fill(Code_from_the_mail=code, New_password=NEW_PASSWORD)
    person.press("Set the password")
    person.sees_status("The password is changed.")


def test_a_post_reaches_its_readers_by_mail_until_they_stop_it(
    author: Window, reader: Window, other_reader: Person, inbox: Inbox
) -> None:
    join(author, inbox)
    join(reader, inbox)
    follow(reader, author)
    assert other_reader.send("PUT", f"/users/{author.member.username}/follow").is_success

    word = f"harbour{unique_suffix()}"
    author.write(f"News from the {word}", "The ferry is late again.")
    mail = mail_about(inbox, reader, f"News from the {word}")
    assert author.member.username in mail.subject
    assert "The ferry is late again." in mail.text
    assert "The ferry is late again." in mail.html
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    reader.open(mail.link("/posts/"))
    reader.sees_heading(f"News from the {word}")
    reader.search(word)
    reader.sees("The ferry is late again.")

    author.go("Edit")
    author.fill(Text="The ferry has come.")
    author.press("Save")
    author.sees_status("Saved.")
    reader.open(mail.link("/posts/"))
    reader.sees("The ferry has come.")

    reader.open(mail.link("/unsubscribe/"))
    reader.press("Stop these mails")
    reader.sees_status("Done.")
    author.write("More news", "Nobody is told but the other one.")
    mail_about(inbox, other_reader, "More news", count=2)
    assert len(inbox.mails(reader.member.email, "new_post")) == 1


def test_a_forgotten_password_is_replaced_and_ends_the_session_elsewhere(
    browser: Browser, deployment: Deployment, reader: Window, inbox: Inbox
) -> None:
    join(reader, inbox)
    with Window(browser, deployment.web_url, reader.member) as elsewhere:
        reset_password(elsewhere, inbox)
        elsewhere.sign_in(NEW_PASSWORD)
    reader.open("/following")
    reader.sees_heading("Sign in")
