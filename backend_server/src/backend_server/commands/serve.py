"""Serves the API with Granian, in as many processes as there are cores."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from backend_server import garbage, leaving, logs, tracing
from backend_server.app import create_app
from backend_server.config import LogSettings, Settings
from backend_server.metrics_server import shared_metrics

if TYPE_CHECKING:
    from flask_openapi.openapi import OpenAPI

# Requests that a process accepts for each of its threads; later ones wait in the kernel.
BACKPRESSURE_PER_THREAD: Final = 2
BACKLOG: Final = 1024
# From the stop until requests that still run are cut off; supervisors wait 30 s.
DRAIN_SECONDS: Final = 25
# Granian's own news go where ours go.
LOGGING: Final = {"loggers": {"_granian": {"propagate": True}}, "handlers": {}, "formatters": {}}


def run(_arguments: argparse.Namespace) -> None:
    # Read here too, so that a wrong setting ends the start and not each process in turn.
    settings = Settings.from_environment(os.environ)
    logging.getLogger("_granian").addFilter(_is_not_about_threads)
    os.register_at_fork(after_in_child=_stop_at_once_until_ready)
    with shared_metrics(settings.backend_metrics_bind):
        _serve(settings)


def _serve(settings: Settings) -> None:
    server = Granian(
        "backend_server.commands.serve:load",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.backend_bind.host,
        port=settings.backend_bind.port,
        workers=settings.backend_workers,
        blocking_threads=settings.backend_threads,
        backpressure=settings.backend_threads * BACKPRESSURE_PER_THREAD,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
        websockets=False,
        log_level=LogLevels.info,
        log_dictconfig=LOGGING,
        log_access=False,
    )
    server.on_startup(partial(_announce_stops, settings.backend_leave_seconds))
    server.serve()


def load() -> OpenAPI:
    """Called in each of the processes."""
    logs.configure(LogSettings.from_environment(os.environ))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    tracing.start("backend_server")
    app = create_app(Settings.from_environment(os.environ))
    garbage.leave_out_what_is_there()
    return app


def _announce_stops(seconds: int) -> None:
    """Who spreads requests over several servers looks at readiness now and then: it comes first.

    A second signal stops at once. Called when Granian has set its own handlers.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(_leave, signal.getsignal(number), seconds))


def _leave(stop: Any, seconds: int, *arguments: Any) -> None:
    if seconds == 0 or leaving.is_announced():
        stop(*arguments)
        return
    leaving.announce()
    later = threading.Timer(seconds, stop, arguments)
    later.daemon = True
    later.start()


def _stop_at_once_until_ready() -> None:
    """Otherwise a SIGTERM that comes before Granian listens for it in this process is lost."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _end_with_parent() -> None:
    """A killed parent cannot stop its children, and they would keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(DRAIN_SECONDS)
        os._exit(1)


def _is_not_about_threads(record: logging.LogRecord) -> bool:
    """Granian warns of more threads than cores; ours mostly wait for Postgres."""
    return "Python threads" not in record.getMessage()
