"""Whatever happens to heavy_computation's index, everything is found again, once, as it is now.

`make faults-heavy` does the same a hundred times.
"""

import random
from collections.abc import Iterator

import pytest
from system_tests.heavy_faults import faults
from system_tests.heavy_faults.backlog import behind
from system_tests.heavy_faults.moved_clock import moved_clock
from system_tests.heavy_faults.site import Site, running_site
from system_tests.heavy_faults.small_disk import small_disk

SEED = 7


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site(random.Random(SEED)) as site:
        yield site


def test_a_kill_while_indexing_loses_nothing(site: Site) -> None:
    assert faults.killed(site, runs=4).is_flawless


def test_a_damaged_file_loses_nothing(site: Site) -> None:
    assert faults.damaged(site, runs=2).is_flawless


def test_a_crash_of_postgres_loses_nothing(site: Site) -> None:
    assert faults.postgres_restarted(site, runs=1).is_flawless


def test_a_reader_far_behind_catches_up(site: Site) -> None:
    assert behind(site, changes=20_000).is_flawless


def test_a_full_disk_loses_nothing() -> None:
    with small_disk() as folder:
        if folder is None:
            pytest.skip("only root may mount a small disk")
        with running_site(random.Random(SEED), index_folder=folder) as site:
            assert faults.disk_full(site, runs=1).is_flawless


def test_a_clock_that_jumps_changes_nothing() -> None:
    with moved_clock() as clock:
        if clock is None:
            pytest.skip("libfaketime is not installed")
        with running_site(random.Random(SEED), environment=clock.environment) as site:
            assert faults.clock_jumps(site, runs=2, jump=clock.jump).is_flawless
