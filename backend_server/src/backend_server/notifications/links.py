"""The links in a mail. An unsubscribe link works for whoever holds it, without signing in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple
from uuid import UUID

from backend_server.config import Keys, Secret

TOKEN_MAC_BYTES: Final = 16
# The key signs other kinds of links too; a token of one kind is none of another.
_PURPOSE: Final = b"unsubscribe:"
# 48 or 33 bytes in URL-safe base64, which needs no padding for either.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{64}|[A-Za-z0-9_-]{44}")
_BYTES_OF_AUTHOR: Final = 32

OwnMail = Literal["digest", "mentions"]
# Stands where an author's id would begin, and is shorter than one.
_BYTE_OF: Final[dict[OwnMail, bytes]] = {"digest": b"d", "mentions": b"m"}
_OF_BYTE: Final = {byte: about for about, byte in _BYTE_OF.items()}


class Subscription(NamedTuple):
    """One member's mail about one author's posts, their digest, or mail about posts naming them."""

    member_id: UUID
    about: UUID | OwnMail


@dataclass(frozen=True, slots=True)
class MailLinks:
    # Without a trailing slash.
    public_url: str
    keys: Keys

    def post_page(self, post_id: UUID) -> str:
        return f"{self.public_url}/posts/{post_id}"

    def unsubscribe(self, subscription: Subscription) -> str:
        """For List-Unsubscribe (RFC 8058): a POST there ends these mails. About 100 characters."""
        token = unsubscribe_token(self.keys.newest, subscription)
        return f"{self.public_url}/api/notifications/unsubscribe/{token}"


def unsubscribe_token(key: Secret, subscription: Subscription) -> str:
    """For a URL: whose mail it is, about what, and 128 bits that prove we made it."""
    about = subscription.about
    signed = subscription.member_id.bytes + (
        about.bytes if isinstance(about, UUID) else _BYTE_OF[about]
    )
    return base64.urlsafe_b64encode(signed + _mac(key, signed)).decode()


def subscription_of(keys: Keys, token: str) -> Subscription | None:
    """What the token was made for, or None when we did not make it."""
    if not _TOKEN.fullmatch(token):
        return None
    decoded = base64.urlsafe_b64decode(token)
    signed, mac = decoded[:-TOKEN_MAC_BYTES], decoded[-TOKEN_MAC_BYTES:]
    if not any(hmac.compare_digest(_mac(key, signed), mac) for key in keys.each):
        return None
    member_id, about = UUID(bytes=signed[:16]), signed[16:]
    if len(signed) == _BYTES_OF_AUTHOR:
        return Subscription(member_id, UUID(bytes=about))
    return Subscription(member_id, _OF_BYTE[about])


def _mac(key: Secret, signed: bytes) -> bytes:
    return hmac.digest(key.reveal().encode(), _PURPOSE + signed, hashlib.sha256)[:TOKEN_MAC_BYTES]
