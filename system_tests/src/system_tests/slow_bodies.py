"""Senders who never finish, before a deployment: nobody else may notice them.

python -m system_tests.slow_bodies http://localhost/api
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import httpx

# More than a deployment has threads.
SENDERS_OF_A_KIND: Final = 70
SECONDS_BETWEEN_BYTES: Final = 1.0
LONGEST_SECONDS: Final = 60.0
OTHERS: Final = 20
SECONDS_BETWEEN_OTHERS: Final = 0.3
SLOWEST_OTHER_SECONDS: Final = 1.0

_LENGTH: Final = "Content-Length: 60000"
_CHUNKS: Final = "Transfer-Encoding: chunked"
# Kind → how the length is told, and what is sent every now and then.
_KINDS: Final = {
    "silent": (_LENGTH, b""),
    "a byte a second": (_LENGTH, b"a"),
    "a chunk a second": (_CHUNKS, b"1\r\na\r\n"),
}


async def send_slowly(url: str, kind: str) -> float:
    """After how many seconds the other end gave up; `LONGEST_SECONDS` when it did not."""
    parts, (length, piece) = urlsplit(url), _KINDS[kind]
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    head = [f"POST {parts.path}/auth/login HTTP/1.1", f"Host: {parts.netloc}"]
    head += ["Content-Type: application/json", length, "", ""]
    writer.write("\r\n".join(head).encode())
    started_at = time.monotonic()
    dripping = asyncio.create_task(_drip(writer, piece))
    with suppress(TimeoutError, ConnectionError):
        await asyncio.wait_for(reader.read(1), LONGEST_SECONDS)
    dripping.cancel()
    writer.close()
    return time.monotonic() - started_at


async def _drip(writer: asyncio.StreamWriter, piece: bytes) -> None:
    with suppress(ConnectionError):
        while piece:
            await asyncio.sleep(SECONDS_BETWEEN_BYTES)
            writer.write(piece)
            await writer.drain()


async def ask_meanwhile(url: str) -> list[float]:
    """How many seconds each of some readers and people signing in waited."""
    waits = []
    async with httpx.AsyncClient(timeout=LONGEST_SECONDS) as client:
        for _ in range(OTHERS):
            started_at = time.monotonic()
            (await client.get(f"{url}/posts?limit=5")).raise_for_status()
            await client.post(f"{url}/auth/login", json={"username": "x", "password": "y"})
            waits.append(time.monotonic() - started_at)
            await asyncio.sleep(SECONDS_BETWEEN_OTHERS)
    return waits


async def look(url: str) -> Iterator[tuple[str, float, float]]:
    """What was looked at, the longest it took, and the longest it may take, in seconds."""
    senders = {
        kind: [asyncio.create_task(send_slowly(url, kind)) for _ in range(SENDERS_OF_A_KIND)]
        for kind in _KINDS
    }
    await asyncio.sleep(2 * SECONDS_BETWEEN_BYTES)
    others = max(await ask_meanwhile(url))
    given_up = {kind: max(await asyncio.gather(*tasks)) for kind, tasks in senders.items()}
    lines = [(f"{kind}: given up", seconds, LONGEST_SECONDS) for kind, seconds in given_up.items()]
    return iter([("others meanwhile", others, SLOWEST_OTHER_SECONDS), *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="the API, with its prefix")
    lines = list(asyncio.run(look(parser.parse_args().url)))
    for subject, seconds, bound in lines:
        sys.stdout.write(f"{subject:<28} {seconds:6.2f} s   (< {bound:g} s)\n")
    if any(seconds >= bound for _, seconds, bound in lines):
        sys.exit(1)


if __name__ == "__main__":
    main()
