"""What members do with their accounts, each in a browser, on the real stack."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from system_tests.deployment import Deployment
from system_tests.inbox import Inbox
from system_tests.members import new_member
from system_tests.window import Window

NEW_PASSWORD = "another-horse-battery"


@pytest.fixture
def member(browser: Browser, deployment: Deployment) -> Iterator[Window]:
    """Somebody who is signed in, at the settings."""
    with Window(browser, deployment.web_url, new_member("settler")) as member:
        member.register()
        member.sign_in()
        member.go("Settings")
        member.sees_heading("Settings")
        yield member


def confirm(person: Window, inbox: Inbox, address: str) -> None:
    person.open(inbox.wait_for(address, "confirm_email").link("/confirm-email"))
    person.sees_status("The address is confirmed.")


def test_a_member_tells_about_themselves_and_hides_the_address(member: Window) -> None:
    username = member.member.username
    member.go("Profile")
    member.sees_heading("Profile")
    member.fill(About_you="Keeper of the harbour light.")
    member.press("Save")
    member.sees_status("Your profile is saved.")
    member.page.get_by_role("radio", name="Only you").click()
    member.sees_status("Saved.")
    member.open(f"/authors/{username}")
    member.sees_heading(username)
    member.sees("Keeper of the harbour light.")
    expect(member.page.get_by_role("link", name=member.member.email)).to_have_count(0)


def test_a_new_address_replaces_the_old_one_once_it_is_confirmed(
    member: Window, inbox: Inbox
) -> None:
    old = member.member.email
    new = f"new_{old}"
    confirm(member, inbox, old)
    member.open("/settings/email")
    member.fill(New_email_address=new, Current_password=member.member.password)
    member.press("Change the address")
    member.sees_status(f"{new} is waiting to be confirmed.")
    member.sees(f"{old} is confirmed")
    confirm(member, inbox, new)
    member.open("/settings/email")
    member.sees(f"{new} is confirmed")
    assert inbox.wait_for(old, "email_changed")


def test_a_changed_password_signs_out_every_other_browser(
    browser: Browser, deployment: Deployment, member: Window
) -> None:
    with Window(browser, deployment.web_url, member.member) as elsewhere:
        elsewhere.sign_in()
        member.go("Password")
        member.sees_heading("Change the password")
        member.fill(Current_password="not the one", New_password=NEW_PASSWORD)
        member.press("Change the password")
        member.sees("This is not your password.")
        member.fill(Current_password=member.member.password)
        member.press("Change the password")
        member.sees_status("The password is changed.")
        elsewhere.open("/following")
        elsewhere.sees_heading("Sign in")
        elsewhere.sign_in(NEW_PASSWORD)


def test_a_browser_is_signed_out_from_afar(
    browser: Browser, deployment: Deployment, member: Window
) -> None:
    with Window(browser, deployment.web_url, member.member) as elsewhere:
        elsewhere.sign_in()
        member.go("Signed-in browsers")
        member.sees_heading("Signed-in browsers")
        member.page.get_by_role("button", name="End the session of").click()
        member.sees("You are signed in nowhere else.")
        elsewhere.open("/settings")
        expect(elsewhere.page.get_by_role("link", name="Register")).to_be_visible()


def test_mail_is_paused_and_its_choices_survive_a_reload(member: Window) -> None:
    member.go("Mail")
    member.sees_heading("Mail")
    member.page.get_by_role("radio", name="Everyone's").click()
    member.page.get_by_label("Time of day").fill("18:30")
    member.page.get_by_label("Time zone").select_option("Europe/Madrid")
    member.press("Pause for 7 days")
    member.sees("No post reaches you by mail until")
    member.page.wait_for_load_state("networkidle")
    member.page.reload()
    member.sees("No post reaches you by mail until")
    expect(member.page.get_by_role("radio", name="Everyone's")).to_be_checked()
    expect(member.page.get_by_label("Time of day")).to_have_value("18:30")
    expect(member.page.get_by_label("Time zone")).to_have_value("Europe/Madrid")
    member.press("End the pause")
    expect(member.page.get_by_role("button", name="Pause for 1 day")).to_be_visible()


def test_a_member_takes_a_copy_of_everything_and_leaves(member: Window, tmp_path: Path) -> None:
    member.go("Your data")
    member.sees_heading("Your data")
    with member.page.expect_download() as downloading:
        member.go("Download the file")
    copy = tmp_path / "copy.json"
    downloading.value.save_as(copy)
    assert member.member.email in json.dumps(json.loads(copy.read_text()))
    member.fill(Current_password=member.member.password)
    member.press("Delete the account")
    member.sees_heading(f"Delete {member.member.username} for good?")
    member.press("Delete everything")
    member.sees_status("The account is deleted.")
    member.open(f"/authors/{member.member.username}")
    member.sees_heading(f"Nobody here is called {member.member.username}")


def test_windows_of_one_browser_agree_on_who_is_signed_in(member: Window) -> None:
    other_tab = member.page.context.new_page()
    other_tab.goto("/settings/profile")
    expect(other_tab.get_by_label("About you")).to_be_visible()
    member.press("Sign out")
    member.sees_status("You are signed out.")
    expect(other_tab.get_by_role("heading", name="Sign in")).to_be_visible()
    other_tab.get_by_label("Username or email").fill(member.member.username)
    other_tab.get_by_label("Password", exact=True).fill(member.member.password)
    other_tab.get_by_role("button", name="Sign in").click()
    expect(other_tab.get_by_label("About you")).to_be_visible()
    expect(member.page.get_by_role("link", name="Write", exact=True)).to_be_visible()


def test_what_was_chosen_for_the_eye_is_there_before_the_client_is(
    browser: Browser, deployment: Deployment
) -> None:
    """No flash of another theme or language: both hold while the client's code is still away."""
    # A service worker would have the code at hand.
    stranger = Window(browser, deployment.web_url, new_member("stranger"), service_workers="block")
    with stranger:
        stranger.go("Settings")
        stranger.page.get_by_role("radio", name="Español").click()
        stranger.page.get_by_role("radio", name="Oscuro").click()
        stranger.page.route("**/assets/client-*.js", lambda route: route.abort())
        stranger.page.goto("/")
        root = stranger.page.locator("html")
        expect(root).to_have_attribute("lang", "es")
        expect(root).to_have_attribute("data-theme", "dark")
        ground = stranger.page.evaluate(
            "getComputedStyle(document.documentElement).backgroundColor"
        )
        assert ground.startswith("oklch(0.2 ")
