"""What there is to look at: every page, and the states that a page shows to few."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Step = Callable[[Page], None]


@dataclass(frozen=True)
class View:
    """One picture for each width and theme.

    Attributes:
        name: of the files, and on the sheet.
        path: of the page; `{post}` stands for the newest post, `{own_post}` for one of the guide.
        signed_in: whether the guide of the demo looks at it, or a stranger.
        steps: what is done before the picture is taken.
    """

    name: str
    path: str
    signed_in: bool = True
    steps: tuple[Step, ...] = ()


def fill(label: str, text: str) -> Step:
    return lambda page: page.get_by_role("main").get_by_label(label, exact=True).fill(text)


def press(button: str) -> Step:
    return lambda page: page.get_by_role("main").get_by_role("button", name=button).first.click()


def wait_for(text: str) -> Step:
    return lambda page: page.get_by_text(text).first.wait_for()


LONG_ENOUGH_TO_SEE = (
    "The dahlias went overnight, all of them at once. Bring fleece for the lettuces."
)

VIEWS = (
    View("home as a stranger", "/", signed_in=False),
    View("home", "/"),
    View("following", "/following"),
    View("post", "/posts/{post}"),
    View("own post", "/posts/{own_post}"),
    View("post that is gone", "/posts/00000000-0000-7000-8000-000000000000"),
    # Before the other: what is typed is kept as a draft, and would be posted.
    View("write with errors", "/write", steps=(press("Post it"),)),
    View(
        "write",
        "/write",
        steps=(fill("Title", "First frost on the allotments"), fill("Text", LONG_ENOUGH_TO_SEE)),
    ),
    View("edit", "/posts/{own_post}/edit"),
    View("author", "/authors/tomas"),
    View("author as a stranger", "/authors/tomas", signed_in=False),
    View("followers", "/authors/tomas/followers"),
    View("follows", "/authors/marina/following"),
    View("people", "/people"),
    View("people as a stranger", "/people", signed_in=False),
    View("people without a match", "/people?name=zz"),
    View("nobody of that name", "/authors/nobody-at-all"),
    View("search", "/search?q=harbour", signed_in=False),
    View("search without results", "/search?q=xylophonist", signed_in=False),
    View("register", "/register", signed_in=False, steps=(fill("Password", "harbour-in-march"),)),
    View(
        "register with errors", "/register", signed_in=False, steps=(press("Create the account"),)
    ),
    View("sign in", "/sign-in", signed_in=False),
    View(
        "sign in refused",
        "/sign-in",
        signed_in=False,
        steps=(
            fill("Username or email", "somebody"),
            fill("Password", "not the one"),
            press("Sign in"),
            wait_for("do not fit together"),
        ),
    ),
    View("forgot password", "/forgot-password", signed_in=False),
    View(
        "reset password",
        "/reset-password",
        signed_in=False,
        steps=(fill("Code from the mail", "3fa9"),),
    ),
    View("confirm email", "/confirm-email?token=used", signed_in=False),
    View("unsubscribe", "/unsubscribe/unknown", signed_in=False),
    View("settings as a stranger", "/settings", signed_in=False),
    View("settings", "/settings"),
    View("profile", "/settings/profile"),
    View("email address", "/settings/email"),
    View("mail", "/settings/mail"),
    View("password", "/settings/password", steps=(fill("New password", "marina123"),)),
    View("browsers", "/settings/browsers"),
    View("your data", "/settings/data"),
    View("nothing there", "/nowhere"),
)
