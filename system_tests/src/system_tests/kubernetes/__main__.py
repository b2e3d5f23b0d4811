"""`make kubernetes-test`: shows in any cluster what must hold there, and prints it as a table.

Applies the overlay, then does to it what happens to systems. Not for a cluster that people use.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from system_tests.kubernetes.checks import (
    autoscaling,
    conformance,
    drain,
    installation,
    lost_primary,
    network,
    restoring,
    rolling_updates,
)
from system_tests.kubernetes.cluster import ClusterError
from system_tests.kubernetes.report import HEADING, Line, keep, shown
from system_tests.kubernetes.requirements import missing

OVERLAY: Final = Path("deploy/kubernetes/overlays/one_node")
CLUSTER_NOT_READY_EXIT_CODE: Final = 2
# Characters of an error in the table.
MOST_SAID: Final = 600
CHECKS: Final[dict[str, Callable[[], list[Line]]]] = {
    "network": network.check,
    "conformance": conformance.check,
    "rolling_updates": rolling_updates.check,
    "autoscaling": autoscaling.check,
    "drain": drain.check,
    "lost_primary": lost_primary.check,
    "restoring": restoring.check,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--overlay", type=Path, default=OVERLAY)
    parser.add_argument("--only", choices=CHECKS, action="append", help="may be given repeatedly")
    options = parser.parse_args()
    _refuse_a_cluster_that_lacks_something()
    print(HEADING, flush=True)
    lines = _shown(f"{options.overlay} applied", lambda: installation.check(options.overlay))
    for name in options.only or CHECKS:
        lines += _shown(name, CHECKS[name])
    print(f"Kept in {keep(lines)}")
    if any(line.holds is False for line in lines):
        sys.exit(1)


def _refuse_a_cluster_that_lacks_something() -> None:
    try:
        lacking = missing()
    except ClusterError as error:
        lacking = [f"an answer: {error}"]
    if lacking:
        print("The cluster lacks:", *(f"  {each}" for each in lacking), sep="\n")
        sys.exit(CLUSTER_NOT_READY_EXIT_CODE)


def _shown(name: str, check: Callable[[], list[Line]]) -> list[Line]:
    """What one check finds is printed at once; one that breaks off does not end the others."""
    try:
        lines = check()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        lines = [Line(name, "to its end", said[:MOST_SAID], holds=False)]
    for line in lines:
        print(shown(line), flush=True)
    return lines


if __name__ == "__main__":
    main()
