"""Reads the endpoints and their examples out of the text of the specification."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEADING = re.compile(r"^### (?P<title>.+)$", re.MULTILINE)
_ENDPOINT = re.compile(r"\((?P<method>GET|POST|PUT)\) (?P<path>/\S+)")
_REQUEST = re.compile(r"^```ts\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
_RESPONSE = re.compile(r"^```json\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One endpoint of the specification with its example."""

    title: str
    method: str
    path: str
    # The fetch call, as written: it needs `url` and leaves `response`.
    request: str
    response: dict[str, Any]


def read_examples(specification: Path) -> dict[str, Example]:
    """Returns the examples by title, for instance "Send reset token"."""
    _, *parts = _HEADING.split(specification.read_text(encoding="utf-8"))
    sections = zip(parts[::2], parts[1::2], strict=True)
    examples = [_example(title, text) for title, text in sections]
    return {example.title: example for example in examples}


def _example(heading: str, text: str) -> Example:
    endpoint = _found(_ENDPOINT, text)
    return Example(
        title=heading.partition(" _(")[0].strip(),
        method=endpoint["method"],
        path=endpoint["path"],
        request=_found(_REQUEST, text)["code"],
        response=json.loads(_found(_RESPONSE, text)["code"]),
    )


def _found(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.search(text)
    if match is None:
        raise ValueError(f"the specification has no {pattern.pattern!r} in {text[:80]!r}")
    return match
