"""What makes a post."""

from __future__ import annotations

import re
from typing import Final

# In Unicode code points.
LONGEST_TITLE: Final = 100
LONGEST_CONTENT: Final = 500
MOST_TAGS: Final = 10

# Not inside a word, as in "C#7" or "page#part".
_TAG: Final = re.compile(r"(?<!\w)#(\w+)")


def is_blank(text: str) -> bool:
    return not text.strip()


def tags_in(title: str, content: str) -> list[str]:
    """The `#words` without `#`, casefolded, in the order they first appear."""
    words = (word.casefold() for text in (title, content) for word in _TAG.findall(text))
    return list(dict.fromkeys(words))[:MOST_TAGS]
