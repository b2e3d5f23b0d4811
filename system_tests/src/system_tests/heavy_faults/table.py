"""One row a fault: how often it was tried, what was lost, and how long it took to be over."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADING = (
    "| fault | runs | lost | doubled | outdated | back after, p50 / p95 / max | remarks |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True)
class Verdict:
    """How what is found differs from what was written."""

    # Posts that are not found.
    lost: int
    # Posts that are found twice, or although they are gone.
    doubled: int
    # Posts that are not found by their newest words, of those looked at.
    outdated: int

    @property
    def is_flawless(self) -> bool:
        return self.lost == self.doubled == self.outdated == 0


@dataclass
class Row:
    """All runs of one fault."""

    fault: str
    verdicts: list[Verdict] = field(default_factory=list)
    # From when what broke was started again or mended, until everything written by then is found.
    seconds: list[float] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_flawless(self) -> bool:
        return all(verdict.is_flawless for verdict in self.verdicts)

    def __str__(self) -> str:
        lost = sum(verdict.lost for verdict in self.verdicts)
        doubled = sum(verdict.doubled for verdict in self.verdicts)
        outdated = sum(verdict.outdated for verdict in self.verdicts)
        return (
            f"| {self.fault} | {len(self.verdicts)} | {lost} | {doubled} | {outdated} "
            f"| {_times(self.seconds)} | {'; '.join(self.remarks)} |"
        )


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    shares = " / ".join(f"{percentile(seconds, share):.2f}" for share in (0.5, 0.95, 1.0))
    return f"{shares} s"
