"""The short form of `make faults-mail`: fewer runs of each, no judgement of speed.

`test_killed_mail.py` has R4, more of it; R17 waits for minutes until workers look at the clock.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from system_tests.fake_resend import FakeResend
from system_tests.mail_faults.__main__ import ALONE, FAST, TOGETHER
from system_tests.mail_faults.outcome import Fault
from system_tests.mail_faults.wrong_answers import CALLS_PER_SECOND
from system_tests.mail_house.house import House, running_house

# Retries wait for up to a minute, and there are a few of each.
pytestmark = pytest.mark.timeout(900)

Show = Callable[[Path], None]
ELSEWHERE = ("R4", "R17")


@pytest.fixture(scope="module")
def house(show_log: Show) -> Iterator[House]:
    with FakeResend(calls_per_second=FAST) as resend, running_house(resend) as house:
        show_log(house.log)
        yield house


@pytest.fixture(scope="module")
def house_of_two(show_log: Show) -> Iterator[House]:
    with (
        FakeResend(calls_per_second=CALLS_PER_SECOND) as resend,
        running_house(resend, pairs=2) as house,
    ):
        show_log(house.log)
        yield house


def named(faults: dict[str, tuple[Fault, ...]]) -> list[object]:
    return [
        pytest.param(fault, id=f"{name} {fault.__name__}")
        for name, each in faults.items()
        for fault in each
        if name not in ELSEWHERE
    ]


@pytest.mark.parametrize("fault", named(ALONE))
def test_nothing_is_lost_or_doubled(house: House, fault: Fault) -> None:
    outcome = fault(house, short=True)
    assert (outcome.lost, outcome.duplicated, outcome.misses) == (0, 0, [])


@pytest.mark.parametrize("fault", named(TOGETHER))
def test_nothing_is_lost_or_doubled_among_two_workers(house_of_two: House, fault: Fault) -> None:
    outcome = fault(house_of_two, short=True)
    assert (outcome.lost, outcome.duplicated, outcome.misses) == (0, 0, [])
