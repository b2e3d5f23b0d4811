"""Brings the database to a revision."""

from __future__ import annotations

import argparse
import os

from backend_server import migrations
from backend_server.config import read_database_url


def run(arguments: argparse.Namespace) -> None:
    migrations.migrate(read_database_url(os.environ), arguments.revision)
