"""People who read, search, follow and write all the time, and remember what they were answered."""

import json
import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from system_tests.members import new_member
from system_tests.rolling_restart.balancer import Answer, Balancer, NoAnswerError, Servers

# Between two rounds of one person.
PAUSE_SECONDS = 0.25
SAFE = "idempotent"
UNSAFE = "other"


@dataclass
class Journal:
    """What happened to all of them; only under its lock."""

    asked: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    degraded: int = 0
    # Titles of posts that were answered with 201.
    acknowledged: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    # What is being restarted.
    restarting: str = "nothing"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, answer: Answer | NoAnswerError, what: str) -> bool:
        """Returns whether it succeeded."""
        succeeded = isinstance(answer, Answer) and 200 <= answer.status < 300
        with self.lock:
            self.asked[kind] += 1
            if isinstance(answer, Answer):
                self.degraded += answer.headers.get("X-Degraded") == "true"
            if not succeeded:
                self.failed[kind] += 1
                seen = f"{answer.status} {answer.body!r}" if isinstance(answer, Answer) else answer
                self.examples.append(f"{what}, restarting {self.restarting}: {seen}")
        return succeeded


class Someone(threading.Thread):
    def __init__(self, servers: Servers, journal: Journal, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.member = new_member("someone")
        self._balancer = Balancer(servers)
        self._journal = journal
        self._done = done
        self._headers = {"Content-Type": "application/json"}

    def sign_up(self) -> None:
        member = self.member
        account = {"username": member.username, "password": member.password}
        self._must("POST", "/auth/register", {**account, "email": member.email})
        answer = self._must("POST", "/auth/login", account)
        self._headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]

    def follow(self, username: str) -> None:
        self._must("PUT", f"/users/{username}/follow", {"mail": "immediate"})

    def run(self) -> None:
        number = 0
        while not self._done.wait(PAUSE_SECONDS):
            number += 1
            self._ask("GET", "/posts")
            self._ask("GET", "/search/posts?q=rolling")
            self._ask("GET", "/auth/session")
            self._ask("GET", "/feed")
            self._ask("PATCH", "/users/me", {"bio": f"Round {number}"}, SAFE)
            self._write(keyed=number % 4 == 0)

    def _write(self, *, keyed: bool) -> None:
        title = f"rolling {secrets.token_hex(8)}"
        key = {"Idempotency-Key": secrets.token_hex(16)} if keyed else {}
        body = {"title": title, "content": " ".join(secrets.token_hex(4) for _ in range(12))}
        if self._ask("POST", "/posts", body, SAFE if keyed else UNSAFE, key):
            with self._journal.lock:
                self._journal.acknowledged.append(title)

    def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        kind: str = SAFE,
        more: dict[str, str] | None = None,
    ) -> bool:
        answer: Answer | NoAnswerError
        try:
            answer = self._send(method, path, body, kind, more or {})
        except NoAnswerError as error:
            answer = error
        return self._journal.note(kind, answer, f"{method} {path}")

    def _send(self, method: str, path: str, body: Any, kind: str, more: dict[str, str]) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        headers = {**self._headers, **more}
        return self._balancer.send(method, path, content, headers, again_is_safe=kind == SAFE)

    def _must(self, method: str, path: str, body: Any) -> Answer:
        answer = self._send(method, path, body, UNSAFE, {})
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body!r}")
        return answer
