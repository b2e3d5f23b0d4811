"""`python -m system_tests.mail_faults`: the table of faults. Long, or some minutes with --short.

Everything is real but Resend, and workers notice each other's death in 3 s instead of 30.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from system_tests.fake_resend import FakeResend
from system_tests.mail_faults import (
    clocks,
    killed_api,
    killed_delivery,
    killed_fan_out,
    outage,
    poison,
    stopped_mailer,
    wrong_answers,
)
from system_tests.mail_faults.outcome import Fault, Outcome, remarks, table
from system_tests.mail_house.house import running_house

# Of Resend's own limit, where it is not what is tested.
FAST = 20

# With one worker and one mailer, Resend being fast.
ALONE: dict[str, tuple[Fault, ...]] = {
    "R1": (killed_api.killed_api,),
    "R2": (killed_api.broken_off_transactions,),
    "R4": (killed_delivery.killed_worker, killed_delivery.killed_mailer),
    "R6": (outage.outage,),
    "R10": (stopped_mailer.stopped_mailer,),
    "R16": (poison.poison,),
    "R3": (killed_fan_out.killed_fan_out,),
}
# With two of each, keeping to a limit together.
TOGETHER: dict[str, tuple[Fault, ...]] = {
    "R5": (wrong_answers.wrong_answers, wrong_answers.used_up_quota),
    "R17": (clocks.jumping_clock,),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer runs of each")
    parser.add_argument("--only", nargs="*", choices=[*ALONE, *TOGETHER], help="some of them")
    options = parser.parse_args()
    outcomes = run(options.only or [*ALONE, *TOGETHER], short=options.short)
    print(table(outcomes))
    for remark in remarks(outcomes):
        print(remark)
    sys.exit(not all(outcome.met for outcome in outcomes))


def run(names: Sequence[str], *, short: bool) -> list[Outcome]:
    outcomes = _run(ALONE, names, FAST, 1, short)
    outcomes += _run(TOGETHER, names, wrong_answers.CALLS_PER_SECOND, 2, short)
    return sorted(outcomes, key=lambda each: int(each.fault.removeprefix("R")))


def _run(
    faults: dict[str, tuple[Fault, ...]],
    names: Sequence[str],
    calls_per_second: int,
    pairs: int,
    short: bool,
) -> list[Outcome]:
    wanted = [fault for name, each in faults.items() if name in names for fault in each]
    if not wanted:
        return []
    with ExitStack() as running:
        resend = running.enter_context(FakeResend(calls_per_second=calls_per_second))
        house = running.enter_context(running_house(resend, pairs=pairs))
        outcomes = []
        for fault in wanted:
            outcomes.append(fault(house, short=short))
            print(outcomes[-1].line(), flush=True)
        return outcomes


if __name__ == "__main__":
    main()
