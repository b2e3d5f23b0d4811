"""As much of S3 as a backup needs, in memory: objects, uploads in parts, lists."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, unescape

ACCESS_KEY = "a-key-of-the-store"
_MADE_AT = "2026-01-01T00:00:00.000Z"


class FakeStore:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = defaultdict(dict)
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    store: FakeStore

    def do_PUT(self) -> None:
        body = self._body()
        if "partNumber" in self._query:
            self.store.parts[self._key][int(self._query["partNumber"])] = body
        else:
            self.store.objects[self._key] = body
        self._answer(200)

    def do_POST(self) -> None:
        body = self._body().decode()
        if "delete" in self._query:
            keys = re.findall("<Key>(.*?)</Key>", body)
            for key in keys:
                self.store.objects.pop(unescape(key), None)
            deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            self._answer(200, f"<DeleteResult>{deleted}</DeleteResult>")
            return
        if "uploads" in self._query:
            self._answer(
                200,
                "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>",
            )
            return
        parts = self.store.parts.pop(self._key)
        self.store.objects[self._key] = b"".join(parts[number] for number in sorted(parts))
        self._answer(
            200, "<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>"
        )

    def do_GET(self) -> None:
        if "list-type" in self._query:
            self._list(self._query.get("prefix", ""))
        elif self._key in self.store.objects:
            self._answer(200, self.store.objects[self._key])
        else:
            self._answer(404, "<Error><Code>NoSuchKey</Code></Error>")

    def _list(self, prefix: str) -> None:
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><ETag>1</ETag>"
            f"<LastModified>{_MADE_AT}</LastModified></Contents>"
            for key, content in sorted(self.store.objects.items())
            if key.startswith(prefix)
        )
        self._answer(
            200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>"
        )

    @property
    def _key(self) -> str:
        return urlsplit(self.path).path.lstrip("/").partition("/")[2]

    @property
    def _query(self) -> dict[str, str]:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in query.items()}

    def _body(self) -> bytes:
        """Refuses to go on with who does not sign."""
        signed = self.headers.get("Authorization", "")
        assert re.match(rf"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/", signed), signed
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, body: bytes | str = b"") -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """The tests' output is for the tests."""


@contextmanager
def running_store() -> Iterator[FakeStore]:
    store = FakeStore()
    handler = type("Handler", (_Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    store.url = f"http://127.0.0.1:{server.server_port}"
    yield store
    server.shutdown()
    server.server_close()
    thread.join()
