"""The API as a person with a browser uses it."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

ANSWER_SECONDS = 30.0


class RefusedError(Exception):
    """The API answered with an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.code = code


class Browser:
    """One person's browser: it keeps their session."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        # Not the proxies of the environment: it is a system on this machine.
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        )

    def call(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        """The answer's `data`.

        Raises:
            RefusedError: the API answered with an error.
        """
        request = urllib.request.Request(  # noqa: S310  (our own http:// address)
            f"{self._api_url}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
                return json.load(answer).get("data")
        except urllib.error.HTTPError as error:
            with error:
                refusal = json.load(error)
            raise RefusedError(error.code, refusal["code"], refusal["message"]) from error
