"""One line a bar: what it asks, ours, the peers', and whether it is met."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from system_tests.heavy_load.paths import KEPT


@dataclass(frozen=True)
class Line:
    operation: str
    bar: str
    ours: str
    peers: str
    # None where nothing is asked, or where the operation is not there.
    is_met: bool | None


def shown(line: Line) -> str:
    verdict = {True: "met", False: "MISSED", None: ""}[line.is_met]
    return f"| {line.operation} | {line.bar} | {line.ours} | {line.peers} | {verdict} |"


HEADING = "| operation | bar | ours | peers | |\n| --- | --- | --- | --- | --- |"


def keep(lines: list[Line], conditions: dict[str, Any]) -> str:
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / "figures.json"
    content = {"conditions": conditions, "lines": [asdict(line) for line in lines]}
    path.write_text(json.dumps(content, indent=2) + "\n")
    return str(path)
