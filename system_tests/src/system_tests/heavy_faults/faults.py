"""The faults that heavy_computation meets between its folder and Postgres."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from local_stack.child_processes import ChildFailedError

from system_tests.heavy_faults.site import Site
from system_tests.heavy_faults.table import Row

# Longer than the pause between commits to disk: kills fall before, during and after them.
LONGEST_LIFE_SECONDS = 2.5
# Of a hundred kills, so many fall while the index is built anew.
KILLS_DURING_A_REBUILD = 0.2
LONGEST_OUTAGE_SECONDS = 1.0
FULL_SECONDS = 5.0
WRITING_SECONDS = 0.5
# Of a file: enough to be seen by whoever checks, or not at all.
DAMAGED_BYTES = 16


def killed(site: Site, runs: int) -> Row:
    """kill -9 at a random moment of indexing."""
    row = Row("kill -9 while indexing")
    for _ in range(runs):
        with site.writer.writing():
            if site.chance.random() < KILLS_DURING_A_REBUILD:
                site.service.kill()
                shutil.rmtree(site.service.folder / "current", ignore_errors=True)
                site.service.start()
            time.sleep(site.chance.uniform(0, LONGEST_LIFE_SECONDS))
            site.service.kill()
            site.service.start()
            row.seconds.append(site.seconds_until_complete())
        row.verdicts.append(site.compare())
    return row


def damaged(site: Site, runs: int) -> Row:
    """A file of the index in which bytes have changed, or whose end is missing."""
    row = Row("file of the index damaged")
    rebuilds = 0.0
    for run in range(runs):
        with site.writer.writing():
            time.sleep(WRITING_SECONDS)
        site.service.stop()
        file = site.chance.choice(sorted(_files(site.service.folder / "current")))
        damage = _flip if run % 2 else _truncate
        damage(file, site.chance.random())
        site.service.start()
        row.seconds.append(site.seconds_until_complete())
        rebuilds += site.service.measured("heavy_computation_rebuilds_total")
        row.verdicts.append(site.compare())
    row.remarks.append(f"{rebuilds:.0f} noticed, and built anew")
    return row


def postgres_restarted(site: Site, runs: int) -> Row:
    """Postgres crashes, and is back a moment later."""
    row = Row("Postgres crashes under load")
    for _ in range(runs):
        with site.writer.writing():
            time.sleep(WRITING_SECONDS)
            site.postgres.stop("immediate")
            time.sleep(site.chance.uniform(0, LONGEST_OUTAGE_SECONDS))
            site.postgres.start()
            row.seconds.append(site.seconds_until_complete())
        row.verdicts.append(site.compare())
    return row


def disk_full(site: Site, runs: int) -> Row:
    """Nothing can be written for a moment. Whoever supervises the service starts it again."""
    row = Row("disk full")
    ends = 0
    for _ in range(runs):
        with site.writer.writing(), _full(site.service.folder):
            deadline = time.monotonic() + FULL_SECONDS
            ends += _supervised(site, partial(_wait_until, deadline, site))
        began = time.perf_counter()
        ends += _supervised(site, site.seconds_until_complete)
        row.seconds.append(time.perf_counter() - began)
        row.verdicts.append(site.compare())
    row.remarks.append(f"ended {ends} times meanwhile")
    return row


def clock_jumps(site: Site, runs: int, jump: Callable[[str], None]) -> Row:
    """The clock of the service's machine jumps forward and back."""
    row = Row("clock jumps by hours")
    for run in range(runs):
        with site.writer.writing():
            jump("+3600" if run % 2 else "-7200")
            time.sleep(WRITING_SECONDS)
            row.seconds.append(site.seconds_until_complete())
        row.verdicts.append(site.compare())
    jump("+0")
    return row


def _files(folder: Path) -> Iterator[Path]:
    # An empty one, a lock, cannot be damaged.
    return (file for file in folder.iterdir() if file.stat().st_size)


def _flip(file: Path, where: float) -> None:
    content = bytearray(file.read_bytes())
    start = int(where * len(content))
    for place in range(start, min(start + DAMAGED_BYTES, len(content))):
        content[place] ^= 0xFF
    file.write_bytes(content)


def _truncate(file: Path, where: float) -> None:
    with file.open("r+b") as opened:
        opened.truncate(int(where * file.stat().st_size))


@contextmanager
def _full(folder: Path) -> Iterator[None]:
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    # Unbuffered, and the last bytes go to whoever is quicker.
    with filler.open("wb", buffering=0) as opened, contextlib.suppress(OSError):
        opened.write(bytes(free))
    try:
        yield
    finally:
        filler.unlink()


def _wait_until(deadline: float, site: Site) -> None:
    """Raises ChildFailedError when the service ends before."""
    site.service.process.wait_until(lambda: time.monotonic() >= deadline, 2 * FULL_SECONDS)


def _supervised(site: Site, work: Callable[[], object]) -> int:
    """Does the work, anew whenever the service has ended and is started again. How often it has."""
    ends = 0
    while True:
        try:
            work()
        except ChildFailedError:
            if site.service.process.running:
                raise
            ends += 1
            site.service.start()
        else:
            return ends
