"""Runs fetch calls as they are written, such as the specification's examples."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

# Seconds for all calls of one run.
RUN_SECONDS = 60.0
_RUNNER = Path(__file__).with_name("run_fetch_calls.mjs")


@dataclass(frozen=True)
class Answer:
    """What a fetch call got."""

    status: int
    redirected: bool
    body: dict[str, Any]


def run_in_node(url: str, *calls: str) -> Answer:
    """Runs calls that need `url` and leave `response`, with one cookie jar.

    Returns the answer to the last.
    """
    return Answer(**_exchanges(url, calls, send=True)[-1]["answer"])


def run_in_python(url: str, *calls: str) -> Answer:
    """Sends from Python, byte for byte, what the calls would send from Node.

    Returns the answer to the last.
    """
    with httpx.Client(timeout=RUN_SECONDS) as client:
        for exchange in _exchanges(url, calls, send=False):
            request = exchange["request"]
            answer = client.request(
                request["method"],
                request["address"],
                headers=request["headers"],
                content=request["body"],
            )
    return Answer(answer.status_code, answer.has_redirect_location, answer.json())


def _exchanges(url: str, calls: tuple[str, ...], *, send: bool) -> list[dict[str, Any]]:
    finished = subprocess.run(
        ["node", str(_RUNNER)],
        input=json.dumps({"url": url, "calls": calls, "send": send}),
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS,
    )
    if finished.returncode != 0:
        raise RuntimeError(f"node could not run the calls: {finished.stderr}")
    exchanges: list[dict[str, Any]] = json.loads(finished.stdout)
    return exchanges
