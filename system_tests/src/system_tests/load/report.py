"""Prints what was measured as a table, and keeps it as JSON."""

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from system_tests.load.autocannon import Round

KEPT = Path(".build/bench/posts.json")
PACKAGES = ("granian", "flask", "psycopg", "uvicorn", "fastapi", "sqlmodel")


@dataclass
class Row:
    """All rounds of one scenario."""

    name: str
    ours: list[Round] = field(default_factory=list)
    peer: list[Round] = field(default_factory=list)


def middle(rounds: list[Round], figure: str) -> float:
    return median(float(getattr(one, figure)) for one in rounds)


def table(rows: list[Row]) -> str:
    heading = f"{'':18}{'requests/s':>24}{'p50 ms':>14}{'p99 ms':>14}"
    names = f"{'':18}{'ours':>9}{'peer':>8}{'ratio':>7}{'ours':>7}{'peer':>7}{'ours':>7}{'peer':>7}"
    return "\n".join([heading, names, *map(_line, rows)])


def share_of_constant(rows: list[Row]) -> str:
    """How much of the server's speed is left when an answer has content."""
    rates = {row.name: middle(row.ours, "requests_per_second") for row in rows}
    return f"GET /posts: {rates['GET /posts'] / rates['constant answer']:.0%} of a constant answer."


def _line(row: Row) -> str:
    ours, peer = _middles(row.ours), _middles(row.peer) if row.peer else None
    rate, p50, p99 = ours
    if peer is None:
        return f"{row.name:18}{rate:9.0f}{'':15}{p50:7.0f}{'':7}{p99:7.0f}"
    return (
        f"{row.name:18}{rate:9.0f}{peer[0]:8.0f}{rate / peer[0]:7.1f}"
        f"{p50:7.0f}{peer[1]:7.0f}{p99:7.0f}{peer[2]:7.0f}"
    )


def _middles(rounds: list[Round]) -> tuple[float, float, float]:
    return (
        middle(rounds, "requests_per_second"),
        middle(rounds, "p50_milliseconds"),
        middle(rounds, "p99_milliseconds"),
    )


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "node": subprocess.run(
            ["node", "--version"], capture_output=True, text=True, check=True
        ).stdout.strip(),
        **{package: version(package) for package in PACKAGES},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def keep(rows: list[Row], conditions: dict[str, Any]) -> Path:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    content = {"conditions": conditions, "rows": [asdict(row) for row in rows]}
    KEPT.write_text(json.dumps(content, indent=2) + "\n")
    return KEPT
