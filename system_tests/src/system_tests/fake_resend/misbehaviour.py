"""The script of wrong answers that a test writes, one for each coming call.

`{"answer": "slow", "seconds": 2, "times": 3}`; `times` is 1 when left out.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from system_tests.fake_resend.reply import Ending, Reply, error_reply

HTML = b"<!doctype html><title>503</title><h1>Service Temporarily Unavailable</h1>"

Order = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    # Answered instead of doing what was asked.
    instead: Reply | None = None
    # How long the work takes; the key is in progress meanwhile.
    work_seconds: float = 0
    # How a call ends that was accepted.
    ending: Ending = Ending.ANSWER


def _rate_limited(order: Order) -> Misbehaviour:
    headers = {"retry-after": str(order.get("retry_after", 1))}
    reply = error_reply(429, "rate_limit_exceeded", "Too many requests.")
    return Misbehaviour(instead=replace(reply, headers=headers))


def _error(order: Order) -> Misbehaviour:
    """Any error of Resend's own, by its status and name."""
    return Misbehaviour(instead=error_reply(order["status"], order["name"], "As scripted."))


def _html(order: Order) -> Misbehaviour:
    return Misbehaviour(instead=Reply(order.get("status", 503), HTML, "text/html"))


ANSWERS: dict[str, Callable[[Order], Misbehaviour]] = {
    "normal": lambda _: Misbehaviour(),
    "rate_limited": _rate_limited,
    "error": _error,
    "html": _html,
    "slow": lambda order: Misbehaviour(work_seconds=order["seconds"]),
    "drip_after_accept": lambda _: Misbehaviour(ending=Ending.DRIP),
    "reset": lambda _: Misbehaviour(instead=Reply(0, b"", ending=Ending.RESET)),
    "reset_after_accept": lambda _: Misbehaviour(ending=Ending.RESET),
    "timeout_after_accept": lambda _: Misbehaviour(ending=Ending.SILENCE),
}


class Script:
    """Not safe to share between threads: the caller holds a lock."""

    def __init__(self) -> None:
        self._coming: deque[Misbehaviour] = deque()

    def add(self, orders: Iterable[Order]) -> None:
        """Raises KeyError for an answer that does not exist or lacks a value."""
        misbehaviours = [
            (ANSWERS[order["answer"]](order), order.get("times", 1)) for order in orders
        ]
        for misbehaviour, times in misbehaviours:
            self._coming.extend([misbehaviour] * times)

    def next(self) -> Misbehaviour:
        return self._coming.popleft() if self._coming else Misbehaviour()
