"""Where `make bench-heavy` finds programs and data, and keeps what it makes."""

import os
import sys
from pathlib import Path

HEAVY_COMPUTATION = Path(".build/bin/heavy_computation")
# The engines without the service around them: an example of the crate.
ENGINES = Path(".build/bin/measure_engines")
# Calls the service at a fixed rate: another example of the crate.
CALLER = Path(".build/bin/call_at_rate")
PEERS_PYTHON = Path(".build/bench_peers/bin/python")
PEERS = Path("system_tests/load")
KEPT = Path(".build/bench/heavy")


def data_folder() -> Path:
    """What `BENCH_DATA` names; ends the program without it."""
    folder = Path(os.environ.get("BENCH_DATA", ""))
    if not (folder / "vaswani").is_dir():
        sys.exit("BENCH_DATA must name the folder of data sets: vaswani/, sms-spam.tsv")
    return folder


def installed(path: str) -> Path:
    """A data file that came with one of the peers' packages."""
    (found,) = PEERS_PYTHON.parents[1].glob(f"lib/python3*/site-packages/{path}")
    return found
