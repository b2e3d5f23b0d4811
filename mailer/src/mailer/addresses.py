"""What passes for an email address. The provider judges the rest."""

import re
from email.utils import parseaddr

# RFC 5321, section 4.5.3.1.3, without the angle brackets.
LONGEST_ADDRESS_CHARACTERS = 254

# No quoted local parts: nobody has one, and without quotes nothing can break out of a header.
_ADDRESS = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\"(),:;<>@\[\\\]]+@[^\s\x00-\x1f\x7f-\x9f\"(),:;<>@\\]+"
)


def is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS_CHARACTERS and _ADDRESS.fullmatch(text) is not None


def bare_address(sender: str) -> str:
    """That of `Name <address>`."""
    return sender.rpartition("<")[2].removesuffix(">")


def is_sender(text: str) -> bool:
    """Whether it reads `address` or `Name <address>`, on one line."""
    return text.isprintable() and is_address(parseaddr(text)[1])
