"""GET requests at a fixed rate over kept connections, whether or not earlier ones were answered.

Not with a library for HTTP, which takes longer than the answer.
"""

import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

CONNECTIONS = 16
LEAST_WARM_UP_REQUESTS = 100


def milliseconds_at(
    rate: int, seconds: float, url: str, paths: Sequence[str], headers: Mapping[str, str]
) -> list[float]:
    """Of `rate` requests a second, each for the next path, from when each was due."""
    return asyncio.run(_at_rate(rate, seconds, url, paths, headers))


async def _at_rate(
    rate: int, seconds: float, url: str, paths: Sequence[str], headers: Mapping[str, str]
) -> list[float]:
    address = urlsplit(url)
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection(address.hostname, address.port))
    taken: list[float] = []

    async def ask(path: str) -> None:
        reader, writer = await idle.get()
        request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n{fields}\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        # A degraded answer is that of another part.
        if not head.startswith(b"http/1.1 200") or b'"degraded":true' in body:
            status = head.partition(b"\r\n")[0]
            raise RuntimeError(f"{path}: {status!r} {body[:200]!r}")
        idle.put_nowait((reader, writer))

    async def take_time(path: str, due: float) -> None:
        await ask(path)
        taken.append((time.perf_counter() - due) * 1000)

    rotated = itertools.cycle(paths)
    # Each once, and not counted: what is measured is a system in use, not one just started.
    for _ in range(max(LEAST_WARM_UP_REQUESTS, len(paths))):
        await ask(next(rotated))
    began = time.perf_counter()
    requests = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        requests.append(asyncio.create_task(take_time(next(rotated), due)))
    await asyncio.gather(*requests)
    while not idle.empty():
        idle.get_nowait()[1].close()
    return taken
