"""`make faults-heavy`: breaks heavy_computation in every way we know, and prints what follows."""

import argparse
import random
import signal
import sys
from collections.abc import Iterator

from system_tests.heavy_faults import api, faults, table
from system_tests.heavy_faults.backlog import behind
from system_tests.heavy_faults.moved_clock import moved_clock
from system_tests.heavy_faults.site import running_site
from system_tests.heavy_faults.small_disk import small_disk
from system_tests.heavy_faults.table import Row

SECONDS_OF_LOAD = 10.0
SLOW_SECONDS = 5.0


def main() -> int:
    arguments = _arguments()
    chance = random.Random(arguments.seed)
    print(f"Seed {arguments.seed}.\n\n{table.HEADING}")
    is_flawless = True
    for row in _rows(arguments, chance):
        print(row, flush=True)
        is_flawless &= row.is_flawless
    print(f"\n{api.HEADING}")
    for outcome in _outcomes(chance):
        print(outcome, flush=True)
        # Times of others depend on the machine and are to be read; these do not.
        is_flawless &= not {"status", "recovery"} & set(outcome.misses)
    return 0 if is_flawless else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--runs", type=int, default=10, help="of each other fault")
    parser.add_argument("--changes", type=int, default=1_000_000, help="to be behind")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _rows(arguments: argparse.Namespace, chance: random.Random) -> Iterator[Row]:
    with running_site(chance) as site:
        yield faults.killed(site, arguments.kills)
        yield faults.damaged(site, arguments.runs)
        yield faults.postgres_restarted(site, arguments.runs)
        yield behind(site, arguments.changes)
    with small_disk() as folder:
        if folder is None:
            yield Row("disk full", remarks=["not tried: only root may mount a small disk"])
        else:
            with running_site(chance, index_folder=folder) as site:
                yield faults.disk_full(site, arguments.runs)
    with moved_clock() as clock:
        if clock is None:
            yield Row("clock jumps by hours", remarks=["not tried: libfaketime is not installed"])
        else:
            with running_site(chance, environment=clock.environment) as site:
                yield faults.clock_jumps(site, arguments.runs, clock.jump)


def _outcomes(chance: random.Random) -> Iterator[api.Outcome]:
    with running_site(chance) as site, api.running_api(site) as (url, link):
        with site.writer.writing():
            site.seconds_until_complete()

        process = site.service.process

        def freeze() -> None:
            process.send(signal.SIGSTOP)

        def thaw() -> None:
            process.send(signal.SIGCONT)

        def slow_down() -> None:
            link.delay_seconds = SLOW_SECONDS

        for fault in (
            api.Fault("hangs", freeze, thaw),
            api.Fault(f"is {SLOW_SECONDS:.0f} s slow", slow_down, link.recover),
            api.Fault("vanishes, connections half open", link.go_dead, link.recover),
            api.Fault("is killed", site.service.kill, site.service.start),
        ):
            yield api.measure(url, fault, SECONDS_OF_LOAD)


if __name__ == "__main__":
    sys.exit(main())
