"""A line for each thing that must hold in the cluster."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

KEPT: Final = Path(".build/kubernetes_test.json")


@dataclass(frozen=True)
class Line:
    check: str
    bound: str
    measured: str
    # None: only measured.
    holds: bool | None


HEADING: Final = f"{'check':<44} {'bound':<34} {'measured':<60} holds"


def shown(line: Line) -> str:
    verdict = {True: "yes", False: "NO", None: ""}[line.holds]
    return f"{line.check:<44} {line.bound:<34} {line.measured:<60} {verdict}"


def keep(lines: list[Line]) -> Path:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps([asdict(line) for line in lines], indent=2) + "\n")
    return KEPT
