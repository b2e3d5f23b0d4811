"""Makes what a member wrote safe to stand within a line of ours."""

import re

LONGEST_LINE_CHARACTERS = 120

# Line breaks would end a header. The bidirectional marks would turn around the words after them.
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_BIDIRECTIONAL = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NOT_IN_A_LINE = re.compile(rf"[{_CONTROL}{_BIDIRECTIONAL}]+")


def single_line(text: str) -> str:
    line = " ".join(_NOT_IN_A_LINE.sub(" ", text).split())
    if len(line) <= LONGEST_LINE_CHARACTERS:
        return line
    return line[: LONGEST_LINE_CHARACTERS - 1].rstrip() + "…"
