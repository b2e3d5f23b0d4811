"""Who called the webhook: Svix's signatures, https://docs.svix.com/receiving/verifying-payloads/how-manual"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

from mailer.events import ForgedWebhookError

SECRET_PREFIX = "whsec_"  # noqa: S105 - the beginning that all of them share
# Of Svix: an older call may be somebody who heard it and says it again.
TOLERANCE_SECONDS = 300
LONGEST_ID_CHARACTERS = 256


def key_of(secret: str) -> bytes:
    """ValueError says what is wrong with the secret."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError(f"must begin with {SECRET_PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"must be base64 after {SECRET_PREFIX}") from error
    if not key:
        raise ValueError(f"must not end after {SECRET_PREFIX}")
    return key


def signed_id(key: bytes, body: bytes, headers: Mapping[str, str]) -> str:
    """The event's id, the same for each repeat. Raises ForgedWebhookError."""
    event_id = headers.get("svix-id", "")
    timestamp = headers.get("svix-timestamp", "")
    if not 0 < len(event_id) <= LONGEST_ID_CHARACTERS:
        raise ForgedWebhookError("svix-id is missing or too long")
    _check_age(timestamp)
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    # Several, while a secret is being changed.
    for signature in headers.get("svix-signature", "").split():
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(expected, value.encode()):
            return event_id
    raise ForgedWebhookError("svix-signature does not fit")


def _check_age(timestamp: str) -> None:
    # As long as a time is; int() of a longer one would be work for nothing.
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise ForgedWebhookError("svix-timestamp is no time")
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ForgedWebhookError("svix-timestamp is too far from now")
