"""Looks at everything the API and the worker need."""

from __future__ import annotations

import argparse
import sys

from backend_server.commands.operation import FAILED, operating, say
from backend_server.health.doctor import examine


def run(_arguments: argparse.Namespace) -> None:
    with operating() as services:
        findings = examine(services)
    for level, subject, found in findings:
        say(f"{level:<8} {subject:<18} {found}")
    if any(finding.level == "failure" for finding in findings):
        sys.exit(FAILED)
