"""Prints the OpenAPI document. Needs no service and no setting."""

from __future__ import annotations

import argparse
import sys

from backend_server.api_document import document_of
from backend_server.app import create_routes


def run(_arguments: argparse.Namespace) -> None:
    sys.stdout.buffer.write(document_of(create_routes()) + b"\n")
