"""Serves the inbox on a thread of its own."""

import socket
import threading

from waitress import wasyncore
from waitress.server import create_server

from mailer.environment import SettingError
from mailer.inbox.app import create_inbox
from mailer.outbox_folder import OutboxFolder

THREADS = 4
# How soon a stop is noticed.
POLL_SECONDS = 0.2


class InboxServer:
    def __init__(self, folder: OutboxFolder, bind: str) -> None:
        """Binds the port; raises SettingError when it is taken."""
        self._sockets: dict[int, socket.socket] = {}
        try:
            self._server = create_server(
                create_inbox(folder), self._sockets, listen=bind, threads=THREADS, ident=None
            )
        except OSError as error:
            raise SettingError("INBOX_BIND", f"cannot be listened on: {error}") from error
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="inbox")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _serve(self) -> None:
        # Not `run`, which waitress can only end from a signal handler.
        while not self._stop.is_set():
            wasyncore.loop(POLL_SECONDS, map=self._sockets, count=1)
        self._server.close()
        wasyncore.close_all(self._sockets)
