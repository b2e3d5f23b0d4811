"""People who read, search, and write while something happens to the system.

Each request is sent once, on a connection of its own: nothing is tried again, so every failure is
seen.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from system_tests.person import Person

ANSWER_SECONDS: Final = 15.0
AT_ONCE: Final = 64
# Kind of request → how many a second.
RATES: Final = {"page": 2, "posts": 6, "search": 2, "session": 2, "write": 4}
IDEMPOTENT: Final = ("page", "posts", "search", "session")
OTHER: Final = ("write",)


@dataclass(frozen=True)
class Outcome:
    kind: str
    # Of the monotonic clock, in seconds.
    asked_at: float
    answered_at: float
    # None when there was no answer.
    status: int | None
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and self.status < 400


@dataclass
class Traffic:
    """Runs from `with` to its end."""

    url: str
    rates: dict[str, int] = field(default_factory=lambda: dict(RATES))
    outcomes: list[Outcome] = field(default_factory=list)
    # Ids of the posts whose author was told that they are there.
    acknowledged: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        parts = urlsplit(self.url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        with Person.signed_in(f"{self.url}/api", "traffic") as member:
            cookies = "; ".join(f"{name}={value}" for name, value in member.http.cookies.items())
        self._headers = {"Cookie": cookies, "Content-Type": "application/json"}
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._clocks = [threading.Thread(target=self._send_at, args=each) for each in self._rates()]
        for clock in self._clocks:
            clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        for clock in self._clocks:
            clock.join()
        self._pool.shutdown()

    def failures(self, kinds: tuple[str, ...]) -> list[Outcome]:
        return [each for each in self._of(kinds) if not each.is_good]

    def count(self, kinds: tuple[str, ...]) -> int:
        return len(self._of(kinds))

    def recovered_after(self, since: float, kind: str) -> float:
        """Seconds from then until the first answer after the last failure; 0 without a failure."""
        later = sorted(self._of((kind,)), key=lambda each: each.asked_at)
        failed = [each.asked_at for each in later if not each.is_good and each.answered_at > since]
        if not failed:
            return 0.0
        good = [each.answered_at for each in later if each.is_good and each.asked_at > failed[-1]]
        return (good[0] if good else float("inf")) - since

    def _of(self, kinds: tuple[str, ...]) -> list[Outcome]:
        return [each for each in self.outcomes if each.kind in kinds]

    def _rates(self) -> list[tuple[str, int]]:
        return [(kind, rate) for kind, rate in self.rates.items() if rate]

    def _send_at(self, kind: str, rate: int) -> None:
        due = time.monotonic()
        number = 0
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            self._pool.submit(self._send, kind, number)
            due += 1 / rate
            number += 1

    def _send(self, kind: str, number: int) -> None:
        asked_at = time.monotonic()
        status, problem = None, ""
        try:
            status, body = self._answer(*self._request(kind, number))
            if status == http.client.CREATED:
                self.acknowledged.append(str(json.loads(body)["data"]["id"]))
            elif status >= 400:
                problem = body[:200].decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            problem = repr(error)
        self.outcomes.append(Outcome(kind, asked_at, time.monotonic(), status, problem))

    def _request(self, kind: str, number: int) -> tuple[str, str, bytes | None]:
        match kind:
            case "page":
                return "GET", "/", None
            case "posts":
                return "GET", "/api/posts?limit=5", None
            case "search":
                return "GET", "/api/search/posts?q=traffic", None
            case "session":
                return "GET", "/api/auth/session", None
            case _:
                post = {"title": f"Post {number}", "content": "Written under traffic."}
                return "POST", "/api/posts", json.dumps(post).encode()

    def _answer(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, self._headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
