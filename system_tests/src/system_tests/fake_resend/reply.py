"""What the fake answers, and whether the caller gets to see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class Ending(Enum):
    ANSWER = auto()
    # Answers a byte at a time.
    DRIP = auto()
    # Says nothing until the caller gives up.
    SILENCE = auto()
    # Breaks the connection with a TCP reset.
    RESET = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.ANSWER


def json_reply(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(content).encode(), headers=headers or {})


def error_reply(status: int, name: str, message: str) -> Reply:
    return json_reply(status, {"statusCode": status, "name": name, "message": message})
