"""Serves the inbox on a thread of its own."""

import threading

from waitress.server import create_server

from mailer.environment import SettingError
from mailer.inbox.app import create_inbox
from mailer.outbox_folder import OutboxFolder

THREADS = 4


class InboxServer:
    def __init__(self, folder: OutboxFolder, bind: str) -> None:
        """Binds the port; raises SettingError when it is taken."""
        try:
            self._server = create_server(
                create_inbox(folder), listen=bind, threads=THREADS, ident=None
            )
        except OSError as error:
            raise SettingError("INBOX_BIND", f"cannot be listened on: {error}") from error
        self._thread = threading.Thread(target=self._server.run, name="inbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.close()
        self._thread.join(timeout=1)
