"""A person in front of the client: what they do with it, by the words they see."""

from types import TracebackType
from typing import Literal, Self

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from system_tests.accessibility import assert_without_barriers
from system_tests.members import Member

# A step that does not come at all fails, one that comes late on a busy machine does not.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)


class Window:
    """A browser window with cookies of its own."""

    def __init__(
        self,
        browser: Browser,
        web_url: str,
        member: Member,
        service_workers: Literal["allow", "block"] = "allow",
    ) -> None:
        self.member = member
        self._context = browser.new_context(
            base_url=web_url, locale="en-GB", service_workers=service_workers
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        # What went wrong in the page without its user seeing it.
        self._errors: list[str] = []
        self.page.on("pageerror", self._keep_error)
        self.page.on("console", self._keep_violation)

    def __enter__(self) -> Self:
        self.open("/")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._context.close()
        if error is None:
            assert not self._errors

    def _keep_error(self, error: Error) -> None:
        self._errors.append(str(error))

    def _keep_violation(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._errors.append(message.text)

    def open(self, address: str) -> None:
        """Follows a link from a mail, or types a path."""
        self.page.goto(address)
        # The first posts may be there before the client is, which draws where to go.
        self.page.get_by_role("navigation").first.wait_for()

    def go(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).first.click()

    def fill(self, **texts: str) -> None:
        """Fills fields by their labels; `_` in a name stands for a space."""
        for label, text in texts.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def sees_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", name=text, exact=True)).to_be_visible()
        assert_without_barriers(self.page)

    def sees_status(self, text: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=text)).to_be_visible()
        assert_without_barriers(self.page)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def register(self) -> None:
        self.go("Register")
        self.fill(
            Username=self.member.username, Email=self.member.email, Password=self.member.password
        )
        self.press("Create the account")
        self.sees_heading("Check your mail")

    def sign_in(self, password: str | None = None) -> None:
        self.go("Sign in")
        self.fill(Username_or_email=self.member.username, Password=password or self.member.password)
        self.press("Sign in")
        expect(self.page.get_by_role("link", name="Write", exact=True)).to_be_visible()

    def write(self, title: str, content: str) -> None:
        self.go("Write")
        self.fill(Title=title, Text=content)
        self.press("Post it")
        self.sees_status("Posted.")
        self.sees_heading(title)

    def search(self, words: str) -> None:
        self.go("Search")
        # The page one comes from has such a field in its margin, and takes it along.
        field = self.page.get_by_role("main").get_by_label("Search posts")
        field.fill(words)
        field.press("Enter")
