"""A connection between two programs that can be made slow, or dead without anybody noticing."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from local_stack.ports import LOOPBACK, free_port

_CHUNK = 65_536


class Link:
    """Passes bytes on from its own address to another, as it is told to."""

    def __init__(self, target: str) -> None:
        self.address = f"{LOOPBACK}:{free_port()}"
        self.delay_seconds = 0.0
        self._host, _, self._port = target.rpartition(":")
        self._loop = asyncio.new_event_loop()
        self._passes = asyncio.Event()
        self._passes.set()
        self._tasks: set[asyncio.Task[None]] = set()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._run(self._listen())

    def go_dead(self) -> None:
        """Connections stay open, and new ones are accepted; not a byte gets through."""
        self._loop.call_soon_threadsafe(self._passes.clear)

    def recover(self) -> None:
        self.delay_seconds = 0.0
        self._loop.call_soon_threadsafe(self._passes.set)

    def close(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _listen(self) -> None:
        host, _, port = self.address.rpartition(":")
        self._server = await asyncio.start_server(self._connect, host, int(port))

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(self._host, int(self._port))
        except OSError:
            writer.close()
            return
        for source, drain in ((reader, far_writer), (far_reader, writer)):
            task = self._loop.create_task(self._pass_on(source, drain))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, drain: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while received := await source.read(_CHUNK):
                await self._passes.wait()
                await asyncio.sleep(self.delay_seconds)
                drain.write(received)
                await drain.drain()
        drain.close()

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()


@contextmanager
def link_to(target: str) -> Iterator[Link]:
    """`target` is a host and a port."""
    link = Link(target)
    try:
        yield link
    finally:
        link.close()
