"""Rules for single fields of a request. They name the field, never its content."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

# Far above what a member may write; keeps a mail below the 102 kB at which Gmail cuts it off.
LONGEST_TEXT_CHARACTERS = 5_000
LONGEST_URL_CHARACTERS = 2_000
# Where datetime ends, in seconds since 1970.
END_OF_TIME = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())

_VISIBLE_ASCII = re.compile(r"[!-~]+")
_RESET_CODE = re.compile(r"[0-9a-f]{6}")
# Of these, `<>` would end the URL inside List-Unsubscribe, and the rest is in no URL.
_NOT_IN_A_URL = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\]")


class InvalidRequestError(Exception):
    """The request can never succeed."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}")


def visible_ascii(field: str, value: str, most_characters: int) -> None:
    if len(value) > most_characters or not _VISIBLE_ASCII.fullmatch(value):
        raise InvalidRequestError(field, f"must be 1 to {most_characters} visible ASCII characters")


def text(field: str, value: str) -> None:
    if not value.strip() or len(value) > LONGEST_TEXT_CHARACTERS:
        raise InvalidRequestError(
            field, f"must be a text of 1 to {LONGEST_TEXT_CHARACTERS} characters"
        )


def url(field: str, value: str, most_characters: int = LONGEST_URL_CHARACTERS) -> None:
    if len(value) > most_characters or not _is_absolute(value):
        raise InvalidRequestError(
            field, f"must be an absolute http or https URL of at most {most_characters} characters"
        )


def _is_absolute(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and not _NOT_IN_A_URL.search(value)
    )


def uuid(field: str, value: str) -> None:
    try:
        UUID(value)
    except ValueError as error:
        raise InvalidRequestError(field, "must be a UUID") from error


def moment(field: str, seconds: int) -> None:
    if not 0 < seconds < END_OF_TIME:
        raise InvalidRequestError(field, "must be a Unix time in seconds")


def positive(field: str, value: int) -> None:
    if value < 1:
        raise InvalidRequestError(field, "must be at least 1")


def reset_code(field: str, value: str) -> None:
    if not _RESET_CODE.fullmatch(value):
        raise InvalidRequestError(field, "must be 6 lowercase hexadecimal characters")
