"""`python -m local_stack demo`: fills the running stack, once."""

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_stack.addresses import SettingError
from local_stack.demo.api import Browser, RefusedError
from local_stack.demo.past import (
    WrittenPost,
    confirm_addresses,
    describe,
    move_into_the_past,
)
from local_stack.demo.stories import Person, Story, read_closing_posts, read_people
from local_stack.running_file import NAME
from local_stack.settings import read_settings
from local_stack.state_lock import is_locked

# Everybody's in the demo, and nobody's elsewhere.
PASSWORD = "letters-by-hand"  # noqa: S105  (printed for everybody to use)
# Whom to be first: she has readers, and she reads others.
GUIDE = "marina"
# Always the same order of writing.
SEED = 1840
# Not everybody wants every mail at once.
WAYS_TO_BE_TOLD = ("immediate", "immediate", "immediate", "digest", "none")


@dataclass(frozen=True)
class RunningStack:
    web_url: str
    backend_url: str
    inbox_url: str | None
    database_url: str


def demo() -> int:
    """The exit code: 0 when the people are there."""
    try:
        stack = find_running_stack(read_settings().state_folder)
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    people = read_people()
    if _is_filled(stack):
        print("The demo's people are already there.")
    else:
        fill(stack, people)
        print(f"{len(people)} people have written {sum(len(one.posts) for one in people)} posts.")
    print(f"Sign in at {stack.web_url} as {GUIDE}, or as anybody whose post you see:")
    print(f"everybody's password is {PASSWORD}. Their mails are at {stack.inbox_url}.")
    return 0


def find_running_stack(state_folder: Path) -> RunningStack:
    """
    Raises:
        SettingError: nothing runs there, or something that sends real mail.
    """
    # The file of a killed stack stays behind, its lock does not.
    if not is_locked(state_folder) or not (state_folder / NAME).exists():
        raise SettingError("The system is not running: start it with make up.")
    facts = json.loads((state_folder / NAME).read_text())
    if facts["inbox_url"] is None:
        raise SettingError(
            "With RESEND_API_KEY the demo would write to people who do not exist: start without."
        )
    return RunningStack(
        facts["web_url"], facts["backend_url"], facts["inbox_url"], facts["database_url"]
    )


def fill(stack: RunningStack, people: list[Person]) -> None:
    browsers = {person.username: _signed_in(stack, person) for person in people}
    for person in people:
        describe(stack.database_url, person.username, person.bio, person.language)
    move_into_the_past(stack.database_url, _write_posts(browsers, people))
    confirm_addresses(stack.database_url, list(browsers))
    _follow(browsers, people)
    for closing_post in read_closing_posts():
        _write(browsers[closing_post.author], closing_post.story)


def _is_filled(stack: RunningStack) -> bool:
    """The last thing that `fill` does is there."""
    last = read_closing_posts()[-1]
    try:
        posts = Browser(stack.backend_url).call("GET", f"/posts/{last.author}")
    except RefusedError:
        return False
    return any(post["title"] == last.story.title for post in posts)


def _signed_in(stack: RunningStack, person: Person) -> Browser:
    browser = Browser(stack.backend_url)
    try:
        browser.call(
            "POST",
            "/auth/register",
            {"username": person.username, "password": PASSWORD, "email": person.email},
        )
    except RefusedError as refusal:
        # An earlier run got this far.
        if refusal.code != "username_taken":
            raise
    browser.call("POST", "/auth/login", {"username": person.username, "password": PASSWORD})
    return browser


def _write_posts(browsers: dict[str, Browser], people: list[Person]) -> list[WrittenPost]:
    """The new posts in the order of writing: mixed, but each person's own in theirs."""
    turns = [
        person
        for person in people
        if not browsers[person.username].call("GET", f"/posts/{person.username}")
        for _ in person.posts
    ]
    random.Random(SEED).shuffle(turns)  # noqa: S311  (an order, not a secret)
    waiting = {person.username: list(person.posts) for person in people}
    written = []
    for person in turns:
        post = _write(browsers[person.username], waiting[person.username].pop(0))
        written.append(WrittenPost(post["id"], person.language))
    return written


def _write(browser: Browser, story: Story) -> Any:
    return browser.call("POST", "/posts", {"title": story.title, "content": story.content})


def _follow(browsers: dict[str, Browser], people: list[Person]) -> None:
    chance = random.Random(SEED)  # noqa: S311  (tastes, not secrets)
    for person in people:
        for author in person.follows:
            mail = chance.choice(WAYS_TO_BE_TOLD)
            browsers[person.username].call("PUT", f"/users/{author}/follow", {"mail": mail})
