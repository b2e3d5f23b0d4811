"""People who have never used the system before, however often the tests run on it."""

import secrets
from dataclasses import dataclass

DEFAULT_PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Member:
    """Somebody with an account, or about to have one."""

    username: str
    email: str
    password: str = DEFAULT_PASSWORD


def new_member(name: str = "member", password: str = DEFAULT_PASSWORD) -> Member:
    """Invents a member whose username and address nobody has taken."""
    username = f"{name}_{unique_suffix()}"
    return Member(username, f"{username}@decoupled.dev", password)


def unique_suffix() -> str:
    """Returns ten characters that no other test draws."""
    return secrets.token_hex(5)
