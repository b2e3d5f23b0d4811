"""What every peer has in common: the task in a file, the answer on standard output, a clock."""

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def run(measure: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    print(json.dumps(measure(json.loads(Path(sys.argv[1]).read_text()))))


def lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


def milliseconds_of_each(function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[float]:
    taken = []
    for argument in arguments:
        began = time.perf_counter()
        function(argument)
        taken.append((time.perf_counter() - began) * 1000)
    return taken
