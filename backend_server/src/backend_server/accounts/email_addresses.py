"""What an email address may be, and when two of them are the same."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

# RFC 5321: a path has 256 characters, two of them the angle brackets.
LONGEST = 254


def normalised(address: str) -> str | None:
    """As it is kept and written to, or None when it is not an address. Nothing is looked up."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def key_of(address: str) -> str:
    """What makes an address unique: case does not count. Equal for what is not an address, too."""
    return (normalised(address) or address).casefold()
