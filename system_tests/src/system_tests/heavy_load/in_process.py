"""Our engines in a process of their own, as their peers run: neither Postgres nor gRPC."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from system_tests.heavy_load.instance import as_post
from system_tests.heavy_load.paths import ENGINES

SECONDS = 900


def engines(texts: Sequence[str], depth: int, **asked: Any) -> dict[str, Any]:
    """Figures of `heavy_computation/examples/measure.rs`, which says what may be asked."""
    with tempfile.TemporaryDirectory(prefix="bench-engines-") as folder:
        lines, task = Path(folder, "texts.tsv"), Path(folder, "task.json")
        lines.write_text("\n".join("\t".join(as_post(text)) for text in texts), encoding="utf-8")
        given = {"texts": str(lines), "folder": str(Path(folder, "index")), "depth": depth, **asked}
        task.write_text(json.dumps(given))
        finished = subprocess.run(
            [ENGINES.absolute(), str(task)], stdout=subprocess.PIPE, check=True, timeout=SECONDS
        )
    figures: dict[str, Any] = json.loads(finished.stdout)
    return figures
