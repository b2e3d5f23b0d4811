"""Asks the API on this machine whether it is ready, or Postgres whether a worker lives.

For containers: it loads little, and ends with 1 and the reason when something is down.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
from collections.abc import Mapping
from typing import Final

import psycopg

from backend_server.commands.exits import fail
from backend_server.config import read_bind_address, read_database_url

PATIENCE_SECONDS: Final = 4
# Three heartbeats.
WORKER_SILENCE_SECONDS: Final = 30
_LIVING_WORKER: Final = """
    select from procrastinate_workers
    where last_heartbeat > now() - make_interval(secs => %s) limit 1"""


def run(arguments: argparse.Namespace) -> None:
    if arguments.of == "worker":
        check_worker(os.environ)
    else:
        check_api(os.environ)


def check_api(variables: Mapping[str, str]) -> None:
    host, port = read_bind_address(variables)
    # Who listens everywhere also listens at this machine's own address.
    own = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(own, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            parts = json.loads(answer.read())["data"]
            fail(f"down: {', '.join(part for part, state in parts.items() if state != 'ok')}")
    except (OSError, http.client.HTTPException) as error:
        fail(f"the API does not answer: {error}")
    finally:
        connection.close()


def check_worker(variables: Mapping[str, str]) -> None:
    """A worker serves nothing; it tells Postgres every ten seconds that it lives."""
    url = read_database_url(variables).reveal()
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE_SECONDS) as connection:
            lives = connection.execute(_LIVING_WORKER, [WORKER_SILENCE_SECONDS]).rowcount
    except psycopg.Error as error:
        fail(f"Postgres does not answer: {type(error).__name__}")
    if not lives:
        fail(f"no worker has been heard of for {WORKER_SILENCE_SECONDS} seconds")
