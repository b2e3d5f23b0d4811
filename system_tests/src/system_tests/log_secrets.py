"""Looks for secrets where nobody may find them: in what a system has logged."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from system_tests.inbox import RESET_CODE
from system_tests.members import DEFAULT_PASSWORD

# RFC 7515: three parts in base64url, the first of them a JSON object.
SIGNED_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
# Six digits of a second may well be somebody's code.
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]?\d*Z?")


def lines_with_secrets(log: Path, state_folder: Path) -> list[str]:
    """Lines with a password of the tests, a mailed code, a session's token or a service's key."""
    words = {DEFAULT_PASSWORD, *mailed_codes(state_folder), *keys(state_folder)}
    secret = re.compile("|".join([*(rf"\b{re.escape(word)}\b" for word in words)]))
    lines = (TIMESTAMP.sub("", line) for line in log.read_text(errors="replace").splitlines())
    return [line for line in lines if secret.search(line) or SIGNED_TOKEN.search(line)]


def mailed_codes(state_folder: Path) -> set[str]:
    return {
        line
        for path in (state_folder / "outbox").rglob("*.eml")
        for line in _text_of(path).splitlines()
        if RESET_CODE.fullmatch(line)
    }


def keys(state_folder: Path) -> set[str]:
    return {path.read_text() for path in (state_folder / "secrets").iterdir()}


def _text_of(path: Path) -> str:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""
