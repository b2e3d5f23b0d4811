"""Does the queued jobs."""

from __future__ import annotations

import argparse
import os

from backend_server.config import Settings
from backend_server.worker import run as do_queued_jobs


def run(_arguments: argparse.Namespace) -> None:
    do_queued_jobs(Settings.from_environment(os.environ))
