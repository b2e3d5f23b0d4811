"""How readers and their mail servers take the mails about posts: the figures providers judge by.

Gmail asks for complaints below 0.1 % and acts at 0.3 %; who sends mail for others asks for fewer
than 0.08 %, and for fewer bounces than 4 %.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

COMPLAINTS_TO_WARN: Final = 0.0008
COMPLAINTS_TO_SLOW: Final = 0.001
COMPLAINTS_TO_STOP: Final = 0.003
# More than this.
BOUNCES_TO_STOP: Final = 0.04
# Fewer than these are chance, whatever share of a small community's mails they are.
LEAST_COMPLAINTS: Final = 3
LEAST_BOUNCES: Final = 10


class Verdict(IntEnum):
    """What should follow for mails about posts, the worse the higher. Account mail goes on."""

    FINE = 0
    # An operator should look into it.
    WARN = 1
    # Send slower, so that what comes next is seen before everybody has a mail.
    SLOW = 2
    # Each one more does harm.
    STOP = 3


class Reputation(NamedTuple):
    # That the provider took, and for good.
    mails: int
    bounced: int
    complained: int

    @property
    def bounce_rate(self) -> float:
        """0 to 1."""
        return self.bounced / max(self.mails, 1)

    @property
    def complaint_rate(self) -> float:
        """0 to 1."""
        return self.complained / max(self.mails, 1)

    @property
    def verdict(self) -> Verdict:
        if self.bounced >= LEAST_BOUNCES and self.bounce_rate > BOUNCES_TO_STOP:
            return Verdict.STOP
        if self.complained < LEAST_COMPLAINTS:
            return Verdict.FINE
        steps = (
            (COMPLAINTS_TO_STOP, Verdict.STOP),
            (COMPLAINTS_TO_SLOW, Verdict.SLOW),
            (COMPLAINTS_TO_WARN, Verdict.WARN),
        )
        return next(
            (verdict for rate, verdict in steps if self.complaint_rate >= rate), Verdict.FINE
        )

    def __str__(self) -> str:
        return (
            f"{self.complained} complaints ({self.complaint_rate:.2%}) and {self.bounced} bounces "
            f"({self.bounce_rate:.2%}) of {self.mails} mails"
        )
