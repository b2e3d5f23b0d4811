"""Where Prometheus reads the metrics: a port of its own, for nobody else."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server, values
from prometheus_client.multiprocess import MultiProcessCollector

from backend_server.environment import SettingsError

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

    from backend_server.environment import Address

# By which the library's own code finds the folder.
_FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared_metrics(bind: Address | None) -> Iterator[None]:
    """Makes processes forked from now on count together, and one more answer for all of them.

    Nothing of this without an address. Raises `SettingsError` when it cannot be listened on.
    """
    if bind is None:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="metrics-") as folder:
        os.environ[_FOLDER_VARIABLE] = folder
        # The library chooses when it is imported, which is before the settings are read.
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # not typed
        ready, tell_ready = multiprocessing.Pipe(duplex=False)
        answering = multiprocessing.get_context("fork").Process(
            target=_answer_for_all, args=[bind, folder, tell_ready], daemon=True
        )
        answering.start()
        if not ready.recv():
            raise SettingsError(f"BACKEND_METRICS_BIND: cannot be listened on: {bind}")
        try:
            yield
        finally:
            answering.terminate()
            answering.join()


def serve_metrics(bind: Address, *collectors: Collector) -> None:
    """Of this process alone, on a thread. Raises `SettingsError`.

    Args:
        collectors: for what is looked up when somebody asks.
    """
    for collector in collectors:
        REGISTRY.register(collector)
    try:
        start_http_server(bind.port, bind.host)
    except OSError as error:
        raise SettingsError(f"WORKER_METRICS_BIND: cannot be listened on: {bind}") from error


def _answer_for_all(
    bind: Address, folder: str, tell_ready: multiprocessing.connection.Connection
) -> None:
    """In a process of its own: one with threads must not be forked, as that of the server is."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # not typed there
    try:
        start_http_server(bind.port, bind.host, registry)
    except OSError:
        tell_ready.send("")
        return
    tell_ready.send("ready")
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A killed parent cannot stop it, and it would keep the port.
        parent.join()
