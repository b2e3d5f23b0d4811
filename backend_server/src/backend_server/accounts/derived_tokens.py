"""Codes and tokens derived from a row's id with a key that the database never sees.

So neither a copy of the database nor a job's arguments lets anybody into an account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final
from uuid import UUID

from backend_server.config import Keys, Secret

# Six hexadecimal characters, as specified. 24 bits are enough because tries are few.
RESET_CODE_BYTES: Final = 3
TOKEN_MAC_BYTES: Final = 16
_CONFIRM_EMAIL: Final = b"confirm_email:"


def reset_code(key: Secret, reset_id: UUID) -> str:
    """Six lowercase hexadecimal characters."""
    return _mac(key, reset_id.bytes)[:RESET_CODE_BYTES].hex()


def is_reset_code(keys: Keys, reset_id: UUID, guess: str) -> bool:
    """In the same time for each guess; upper case is right too."""
    codes = [reset_code(key, reset_id).encode() for key in keys.each]
    equals = [hmac.compare_digest(code, guess.lower().encode()) for code in codes]
    return any(equals)


def confirmation_token(key: Secret, confirmation_id: UUID) -> str:
    """For a URL: the id and 128 bits that prove we made it."""
    signed = confirmation_id.bytes + _confirmation_mac(key, confirmation_id)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def confirmation_of(keys: Keys, token: str) -> UUID | None:
    """The id that the token was made for, or None when we did not make it."""
    try:
        signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(signed) != 16 + TOKEN_MAC_BYTES:
        return None
    confirmation_id = UUID(bytes=signed[:16])
    macs = (_confirmation_mac(key, confirmation_id) for key in keys.each)
    is_ours = any(hmac.compare_digest(mac, signed[16:]) for mac in macs)
    return confirmation_id if is_ours else None


def _confirmation_mac(key: Secret, confirmation_id: UUID) -> bytes:
    return _mac(key, _CONFIRM_EMAIL + confirmation_id.bytes)[:TOKEN_MAC_BYTES]


def _mac(key: Secret, message: bytes) -> bytes:
    return hmac.digest(key.reveal().encode(), message, hashlib.sha256)
