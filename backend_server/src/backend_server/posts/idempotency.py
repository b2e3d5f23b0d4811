"""A post that is sent again because its answer was lost is written once.

The header is that of draft-ietf-httpapi-idempotency-key-header; a key needs no quotes here.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from backend_server.errors import Conflict, FieldErrors

if TYPE_CHECKING:
    from psycopg import Connection
    from werkzeug.datastructures import Headers

HEADER: Final = "Idempotency-Key"
# How long the first answer is given again, in hours.
KEPT_HOURS: Final = 24
_KEY: Final = re.compile(r"[!-~]{1,255}")

# Whoever comes second with a key waits here until the first has committed, or has not.
_TAKE: Final = """
    insert into idempotency_keys (member_id, key, request_digest)
    values (%(member_id)s, %(key)s, %(digest)s)
    on conflict (member_id, key) do nothing
    returning 1"""

_FIND: Final = """
    select request_digest, post_id, answer from idempotency_keys
    where member_id = %(member_id)s and key = %(key)s"""

_KEEP: Final = """
    update idempotency_keys set post_id = %(post_id)s, answer = %(answer)s
    where member_id = %(member_id)s and key = %(key)s"""


class KeyReused(Conflict):
    """This Idempotency-Key was used for another request."""

    code = "idempotency_key_reused"


class KeyedRequest(NamedTuple):
    """One member's request under one key."""

    member_id: UUID
    key: str
    # Equal for equal requests.
    digest: bytes


class FirstAnswer(NamedTuple):
    post_id: UUID
    # The post as a JSON object, as it was then.
    json: str


def idempotency_key(headers: Headers) -> str | None:
    """None without the header. Raises `FieldErrors` for what is no key."""
    value = headers.get(HEADER)
    if value is None:
        return None
    if not _KEY.fullmatch(value):
        problem = "This must be 1 to 255 visible ASCII characters."
        raise FieldErrors(fields={HEADER: [problem]})
    return value


def keyed_request(member_id: UUID, key: str, *parts: str) -> KeyedRequest:
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=32).digest()
    return KeyedRequest(member_id, key, digest)


def find_first_answer(connection: Connection[Any], request: KeyedRequest) -> FirstAnswer | None:
    """None when the key is new. Raises `KeyReused`."""
    row = connection.execute(_FIND, request._asdict()).fetchone()
    if row is None:
        return None
    digest, post_id, json = row
    if digest != request.digest:
        raise KeyReused
    return FirstAnswer(post_id, json)


def take(connection: Connection[Any], request: KeyedRequest) -> bool:
    """Whether the key was free; it then is this request's until the transaction ends."""
    return connection.execute(_TAKE, request._asdict()).fetchone() is not None


def keep(connection: Connection[Any], request: KeyedRequest, answer: FirstAnswer) -> None:
    parameters = {**request._asdict(), "post_id": answer.post_id, "answer": answer.json}
    connection.execute(_KEEP, parameters)
