"""The people and their posts, as the files beside this one tell them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
# Reserved for examples (RFC 2606): nobody has an address there.
MAIL_DOMAIN = "decoupled.example"


@dataclass(frozen=True)
class Story:
    title: str
    content: str


@dataclass(frozen=True)
class Person:
    username: str
    bio: str
    language: str
    follows: tuple[str, ...]
    # Oldest first.
    posts: tuple[Story, ...]

    @property
    def email(self) -> str:
        return f"{self.username}@{MAIL_DOMAIN}"


@dataclass(frozen=True)
class ClosingPost:
    """Written when everybody follows somebody, so that readers get it by mail."""

    author: str
    story: Story


def read_people() -> list[Person]:
    return [_person(path) for path in sorted((FOLDER / "members").glob("*.toml"))]


def read_closing_posts() -> list[ClosingPost]:
    entries = tomllib.loads((FOLDER / "closing_posts.toml").read_text())["posts"]
    return [
        ClosingPost(entry["author"], Story(entry["title"], entry["content"])) for entry in entries
    ]


def _person(path: Path) -> Person:
    facts = tomllib.loads(path.read_text())
    return Person(
        username=path.stem,
        bio=facts["bio"],
        language=facts["language"],
        follows=tuple(facts["follows"]),
        posts=tuple(Story(entry["title"], entry["content"]) for entry in facts["posts"]),
    )
