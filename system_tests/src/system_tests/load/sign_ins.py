"""People who sign in at the same time, again and again; who is told to wait waits."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from system_tests.load.autocannon import Request


@dataclass
class SignIns:
    """What became of them."""

    succeeded: int = 0
    told_to_wait: int = 0

    def __add__(self, more: "SignIns") -> "SignIns":
        return SignIns(self.succeeded + more.succeeded, self.told_to_wait + more.told_to_wait)


def sign_in_over_and_over(request: Request, people: int, seconds: float) -> SignIns:
    """Each over a connection of their own. Raises `RuntimeError` on any other answer."""
    return asyncio.run(_all(request, people, time.monotonic() + seconds))


async def _all(request: Request, people: int, end: float) -> SignIns:
    done = SignIns()
    await asyncio.gather(*(_one(request, end, done) for _ in range(people)))
    return done


async def _one(request: Request, end: float, done: SignIns) -> None:
    address = urlsplit(request.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    while time.monotonic() < end:
        writer.write(_bytes_of(request))
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(_field(head, "content-length")))
        if head.startswith("http/1.1 200"):
            done.succeeded += 1
        elif head.startswith("http/1.1 503"):
            done.told_to_wait += 1
            await asyncio.sleep(float(_field(head, "retry-after")))
        else:
            raise RuntimeError(head)
    writer.close()


def _bytes_of(request: Request) -> bytes:
    address, body = urlsplit(request.url), request.body or ""
    fields = {**request.headers, "Host": address.netloc, "Content-Length": str(len(body.encode()))}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"{request.method} {address.path} HTTP/1.1", *lines, "", body]).encode()


def _field(head: str, name: str) -> str:
    return head.partition(f"{name}: ")[2].partition("\r\n")[0]
