"""One HTTP call to Resend: pooled connections, bounded time, bounded answer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from mailer.providers.port import ProviderError, Trouble

CONNECT_TIMEOUT_SECONDS = 3.0
# The longest pause between two pieces of a request or an answer.
SILENCE_TIMEOUT_SECONDS = 10.0
# For a free connection.
POOL_TIMEOUT_SECONDS = 2.0
# For the whole answer, however slowly it drips in.
ANSWER_TIMEOUT_SECONDS = 15.0
MOST_ANSWER_BYTES = 1_000_000
# As many as the server has threads, so that nobody waits for one.
MOST_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    # Names in lower case.
    headers: Mapping[str, str]
    body: bytes


class ResendApi:
    """Safe to share between threads."""

    def __init__(self, api_url: str, api_key: str) -> None:
        self._client = httpx.Client(
            base_url=api_url,
            headers={"Authorization": f"Bearer {api_key}", "User-Agent": "decoupled-mailer"},
            timeout=httpx.Timeout(
                SILENCE_TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS, pool=POOL_TIMEOUT_SECONDS
            ),
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS),
        )

    def post_batch(self, idempotency_key: str, body: bytes) -> Answer:
        """Raises ProviderError when there is no answer to read."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
            # One bad address does not stop the other 99.
            "x-batch-validation": "permissive",
        }
        return self._call("POST", "/emails/batch", body, headers)

    def get(self, path: str) -> Answer:
        """Raises ProviderError when there is no answer to read."""
        return self._call("GET", path, None, {})

    def close(self) -> None:
        self._client.close()

    def _call(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        try:
            with self._client.stream(method, path, content=body, headers=headers) as answer:
                return Answer(answer.status_code, dict(answer.headers), _read(answer))
        except httpx.HTTPError as error:
            raise ProviderError(
                Trouble.UNAVAILABLE, f"Resend did not answer: {type(error).__name__}"
            ) from error


def _read(answer: httpx.Response) -> bytes:
    give_up_at = time.monotonic() + ANSWER_TIMEOUT_SECONDS
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if time.monotonic() > give_up_at:
            raise ProviderError(Trouble.UNAVAILABLE, "Resend answered too slowly")
        if len(body) > MOST_ANSWER_BYTES:
            raise ProviderError(Trouble.UNAVAILABLE, "Resend answered too much")
    return body
