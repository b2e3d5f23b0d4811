"""Serves the API with Granian, in as many processes as there are cores."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from backend_server import logs
from backend_server.app import create_app
from backend_server.config import LogSettings, Settings

if TYPE_CHECKING:
    from flask_openapi.openapi import OpenAPI

# Requests that a process accepts for each of its threads; later ones wait in the kernel.
BACKPRESSURE_PER_THREAD: Final = 2
BACKLOG: Final = 1024
# From SIGTERM until requests that still run are cut off; supervisors wait 30 s.
DRAIN_SECONDS: Final = 25


def run(_arguments: argparse.Namespace) -> None:
    # Read here too, so that a wrong setting ends the start and not each process in turn.
    settings = Settings.from_environment(os.environ)
    Granian(
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
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


def load() -> OpenAPI:
    """Called in each process of its own."""
    logs.configure(LogSettings.from_environment(os.environ))
    return create_app(Settings.from_environment(os.environ))
