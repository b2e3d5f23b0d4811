"""Does the queued jobs."""

from __future__ import annotations

import argparse
import os

from backend_server import worker
from backend_server.config import Settings


def run(_arguments: argparse.Namespace) -> None:
    worker.run(Settings.from_environment(os.environ))
