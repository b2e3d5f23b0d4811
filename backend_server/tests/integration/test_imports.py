"""Importing the program does nothing but define it."""

from __future__ import annotations

import subprocess
import sys

# The audit hook sees Python's own sockets; those of C libraries show among the process's files.
IMPORT_EVERYTHING = """
import importlib, pkgutil, sys, threading
import psutil
import backend_server

def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        raise RuntimeError(f"{event}: {arguments}")

sys.addaudithook(refuse)
names = [
    each.name
    for each in pkgutil.walk_packages(backend_server.__path__, "backend_server.")
    if not each.name.endswith("__main__")
]
for name in names:
    importlib.import_module(name)
    assert psutil.Process().net_connections("inet") == [], name
    assert threading.active_count() == 1, name
print(len(names))
"""


def test_no_module_connects_or_starts_a_thread_when_it_is_imported() -> None:
    command = [sys.executable, "-c", IMPORT_EVERYTHING]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={})
    assert ended.stderr == ""
    assert int(ended.stdout) > 50
