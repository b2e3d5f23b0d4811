"""Returns once the database is as new as this code, for whoever starts beside the migration."""

from __future__ import annotations

import argparse
import os

from backend_server import migrations
from backend_server.config import read_database_url


def run(_arguments: argparse.Namespace) -> None:
    migrations.wait_for_newest(read_database_url(os.environ))
