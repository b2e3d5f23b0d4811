"""Whether Postgres answers at all, known before anybody waits for it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, ClassVar, Final

import psycopg
import structlog

from backend_server.impatient_connection import ImpatientConnection

if TYPE_CHECKING:
    from backend_server.config import Secret

log: Final = structlog.get_logger(__name__)

BEAT_SECONDS: Final = 1.0
# Without an answer to the smallest question. An error that comes sooner is an answer.
SILENCE_SECONDS: Final = 2.0


class Heartbeat:
    """Asks Postgres again and again, over a connection of its own, from when it is started.

    A Postgres that is silent would hold every thread of the process for seconds, those of requests
    too that need nothing from it (Nygard, Release It!, 2nd edition, "Fail Fast").
    """

    def __init__(self, url: Secret) -> None:
        self._url = url
        self._connection: _Pulse | None = None
        self._is_over = threading.Event()
        self.is_silent = False
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        self._is_over.set()

    def _beat(self) -> None:
        while not self._is_over.wait(BEAT_SECONDS):
            was_silent, self.is_silent = self.is_silent, self._is_silent_now()
            if self.is_silent != was_silent:
                log.warning("postgres_is_silent" if self.is_silent else "postgres_answers_again")
        self._hang_up()

    def _is_silent_now(self) -> bool:
        asked_at = time.monotonic()
        try:
            if self._connection is None:
                self._connection = _Pulse.connect(
                    self._url.reveal(),
                    autocommit=True,
                    connect_timeout=int(SILENCE_SECONDS),
                    application_name="backend_server heartbeat",
                )
            self._connection.execute("select 1")
        # Any error, or the thread ends, and what it last thought of Postgres holds for ever.
        except psycopg.Error:
            self._hang_up()
            return time.monotonic() - asked_at >= SILENCE_SECONDS
        return False

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Pulse(ImpatientConnection):
    longest_answer_seconds: ClassVar[float] = SILENCE_SECONDS
