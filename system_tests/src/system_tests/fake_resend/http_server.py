"""HTTP, down to the socket: some of the fake's answers are no answers."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from system_tests.fake_resend.reply import Ending, Reply

# For a caller that never gives up.
LONGEST_SILENCE_SECONDS = 60.0
DRIP_PAUSE_SECONDS = 0.05
# SO_LINGER on, for no time: closing sends a reset.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    # Names in lower case.
    headers: Mapping[str, str]
    body: bytes


Answer = Callable[[Request], Reply]


class HttpServer:
    def __init__(self, port: int, answer: Answer) -> None:
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.answer = answer
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="fake resend")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Of these many may come at once.
    request_queue_size = 128
    answer: Answer

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is what a test wanted."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its parent's name
        """The ledger is the log."""

    def _serve(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            # The caller died while it sent: that was no request yet.
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(Request(self.command, self.path, headers, body))
        match reply.ending:
            case Ending.ANSWER:
                self._send_head(reply)
                self.wfile.write(reply.body)
            case Ending.DRIP:
                self._send_head(reply)
                self._drip(reply.body)
            case Ending.SILENCE:
                self._be_silent()
            case Ending.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                self.close_connection = True

    def _send_head(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("content-type", reply.content_type)
        self.send_header("content-length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _drip(self, body: bytes) -> None:
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(DRIP_PAUSE_SECONDS)

    def _be_silent(self) -> None:
        self.connection.settimeout(LONGEST_SILENCE_SECONDS)
        self.rfile.read(1)
        self.close_connection = True
