"""What stands in front of several servers: takes turns, looks who is ready, tries again.

The rules are those of Traefik with its `healthCheck` and `retry`, and of the Go library below it:
what was not sent is sent to another server; what was sent is sent again only if that is safe and
the connection had been kept from an earlier request, since a server may close such a one any time.
"""

import select
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPMessage
from typing import NamedTuple

from system_tests.rolling_restart.replicas import is_ready

CHECK_SECONDS = 1.0
ATTEMPTS = 3
# Of one answer: generous, because a slow machine is no failure of the system.
ANSWER_SECONDS = 60.0


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


class NoAnswerError(Exception):
    """What a visitor sees as 502 or 503."""


class Servers:
    """Knows which of them want requests."""

    def __init__(self, addresses: list[str]) -> None:
        self._ready = dict.fromkeys(addresses, True)
        self._turn = 0
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._checks = [
            threading.Thread(target=self._check, args=[address], daemon=True)
            for address in addresses
        ]

    def __enter__(self) -> "Servers":
        for check in self._checks:
            check.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        for check in self._checks:
            check.join()

    def next(self) -> str:
        """Of those that are ready; of all, when none is."""
        with self._lock:
            self._turn += 1
            ready = [address for address, is_up in self._ready.items() if is_up]
            return (ready or list(self._ready))[self._turn % len(ready or self._ready)]

    def leave_out(self, address: str) -> None:
        """Until the next look."""
        with self._lock:
            self._ready[address] = False

    def _check(self, address: str) -> None:
        while not self._done.wait(CHECK_SECONDS):
            is_up = is_ready(address)
            with self._lock:
                self._ready[address] = is_up


@dataclass
class Balancer:
    """One visitor's way to the servers. Not for several threads."""

    servers: Servers
    _kept: dict[str, HTTPConnection] = field(default_factory=dict)

    def send(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        again_is_safe: bool,
    ) -> Answer:
        for _ in range(ATTEMPTS):
            address = self.servers.next()
            connection = self._kept.pop(address, None)
            if connection is not None and _was_closed(connection):
                connection = None
            was_kept = connection is not None
            try:
                if connection is None:
                    connection = HTTPConnection(address, timeout=ANSWER_SECONDS)
                    connection.connect()
            except OSError:
                self.servers.leave_out(address)
                continue
            try:
                answer = self._ask(connection, method, path, body, headers)
            except (OSError, HTTPException) as error:
                connection.close()
                if was_kept and again_is_safe:
                    continue
                raise NoAnswerError(f"{method} {path}: {error!r}") from error
            self._kept[address] = connection
            return answer
        raise NoAnswerError(f"{method} {path}: nobody answers")

    def _ask(
        self,
        connection: HTTPConnection,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Answer:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def _was_closed(connection: HTTPConnection) -> bool:
    """An idle connection has nothing to read unless the server ended it."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))
