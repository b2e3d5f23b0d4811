"""A DNS server with a few TXT records, on a port of its own."""

import socket
import threading
from collections.abc import Mapping
from types import TracebackType

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

# For noticing that it is to stop.
POLL_SECONDS = 0.05


class DnsServer:
    def __init__(self, records: Mapping[str, str]) -> None:
        self._records = records
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(POLL_SECONDS)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="dns")
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "DnsServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                content, caller = self._socket.recvfrom(4_096)
            except TimeoutError:
                continue
            self._socket.sendto(self._answer(content), caller)

    def _answer(self, content: bytes) -> bytes:
        question = dns.message.from_wire(content)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        name = question.question[0].name
        record = self._records.get(name.to_text(omit_final_dot=True))
        if record is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", record))
        return answer.to_wire()
