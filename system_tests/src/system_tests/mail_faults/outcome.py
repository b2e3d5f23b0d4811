"""What one fault came to, and the table of all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Protocol

from system_tests.mail_house.house import House


@dataclass
class Outcome:
    fault: str
    what: str
    runs: int = 0
    lost: int = 0
    duplicated: int = 0
    # From the fault, or the restart that ended it, until work went on.
    recovery_seconds: list[float] = field(default_factory=list)
    # None while there is no such bound.
    longest_recovery_seconds: float | None = None
    # What else was seen, worth a line below the table.
    notes: list[str] = field(default_factory=list)
    # What should not have been.
    misses: list[str] = field(default_factory=list)

    def expect(self, holds: bool, miss: str) -> None:
        if not holds:
            self.misses.append(miss)

    @property
    def met(self) -> bool:
        slow = self.longest_recovery_seconds is not None and any(
            seconds > self.longest_recovery_seconds for seconds in self.recovery_seconds
        )
        return not (self.lost or self.duplicated or self.misses or slow)

    def line(self) -> str:
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.fault:4} {self.what:58} {self.runs:5} {self.lost:5} {self.duplicated:10} "
            f"{self._recovery():>12}  {verdict}"
        )

    def _recovery(self) -> str:
        taken = sorted(self.recovery_seconds)
        if not taken:
            return "-"
        p95 = quantiles(taken, n=20)[18] if len(taken) > 1 else taken[0]
        return f"{min(p95, taken[-1]):.1f} / {taken[-1]:.1f}"


class Fault(Protocol):
    """Befalls a house, which is whole again when it returns."""

    __name__: str

    def __call__(self, house: House, *, short: bool) -> Outcome:
        """`short`: fewer runs, and no judgement of how fast the machine is."""


def table(outcomes: Sequence[Outcome]) -> str:
    heading = f"{'':4} {'fault':58} {'runs':>5} {'lost':>5} {'duplicated':>10} {'p95 / most s':>12}"
    return "\n".join([heading, *(each.line() for each in outcomes)])


def remarks(outcomes: Sequence[Outcome]) -> list[str]:
    return [
        f"{each.fault}: {remark}" for each in outcomes for remark in (*each.notes, *each.misses)
    ]
