"""Which mails a mail server has taken: SMTP itself knows no idempotency key."""

import sqlite3
import threading
import time
from pathlib import Path

# Longer than anybody tries again with one key.
KEPT_SECONDS = 48 * 3600
LOCK_TIMEOUT_SECONDS = 5.0

_SCHEMA = """
    create table if not exists taken (mail_id text primary key, taken_at integer not null);
    create index if not exists taken_by_age on taken (taken_at);
"""


class Journal:
    """Safe to share between threads. Raises sqlite3.Error where the disk does."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(
            path, timeout=LOCK_TIMEOUT_SECONDS, check_same_thread=False, isolation_level=None
        )
        # Written before the next mail goes out, power cut or not.
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = full")
        self._database.executescript(_SCHEMA)

    def has(self, mail_id: str) -> bool:
        with self._lock:
            found = self._database.execute("select 1 from taken where mail_id = ?", [mail_id])
            return found.fetchone() is not None

    def add(self, mail_id: str) -> None:
        now = int(time.time())
        with self._lock:
            self._database.execute("insert or ignore into taken values (?, ?)", [mail_id, now])
            self._database.execute("delete from taken where taken_at < ?", [now - KEPT_SECONDS])

    def close(self) -> None:
        with self._lock:
            self._database.close()
