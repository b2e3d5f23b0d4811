"""Runs autocannon, the load tool, and reads its figures."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = Path("system_tests/load/node_modules/autocannon/autocannon.js")
CONNECTIONS = 16
# Seconds that autocannon may take in addition to its own duration.
GRACE_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """What is sent over and over."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True)
class Round:
    """Figures of one run."""

    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float


class BenchError(Exception):
    """A server did not answer every request with success, so its speed means nothing."""


def fire(
    request: Request, seconds: int, connections: int = CONNECTIONS, *, may_fail: bool = False
) -> Round:
    """Sends a request for some seconds over each connection, one after another."""
    finished = subprocess.run(
        ["node", str(PROGRAM), *_arguments(request, seconds, connections)],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + GRACE_SECONDS,
    )
    figures = json.loads(finished.stdout)
    failures = {name: figures[name] for name in ("errors", "timeouts", "non2xx") if figures[name]}
    if not may_fail and (failures or not figures["2xx"]):
        raise BenchError(f"{request.method} {request.url}: {failures}")
    latency = figures["latency"]
    return Round(figures["requests"]["average"], latency["p50"], latency["p99"])


def _arguments(request: Request, seconds: int, connections: int) -> list[str]:
    arguments = ["--json", "--no-progress", f"--connections={connections}", f"--duration={seconds}"]
    arguments.append(f"--method={request.method}")
    for name, value in request.headers.items():
        arguments.append(f"--headers={name}={value}")
    if request.body is not None:
        arguments.append(f"--body={request.body}")
    return [*arguments, request.url]
