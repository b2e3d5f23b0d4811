"""What an operator should know of mail before readers miss it, as far as this side knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from backend_server import failed_jobs, jobs, lane_pauses
from backend_server.failed_jobs import Queue
from backend_server.notifications import brake
from backend_server.notifications.reputation import Verdict
from backend_server.notifications.warm_up import WarmUp, sent_on

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.lane_pauses import PausedLane
    from backend_server.notifications.reputation import Reputation

# In seconds. Somebody waits for account mail; a post to many readers may take its time.
LATE_AFTER: Final = {
    jobs.ACCOUNT_MAIL: 30.0,
    jobs.MAIL_EVENTS: 60.0,
    jobs.FAN_OUT: 300.0,
    jobs.DIGESTS: 300.0,
    jobs.DELIVERY: 3600.0,
}
_LESS_MAIL: Final = "docs/mail.md says what to do: who gets mail that they did not ask for?"


class Finding(NamedTuple):
    level: Literal["ok", "warning", "failure"]
    subject: str
    found: str
    # What to do about it; empty when all is well.
    advice: str = ""


def examine(connection: Connection[Any], warm_up: WarmUp) -> Iterator[Finding]:
    """Sends nothing and changes nothing."""
    known = {each.queue: each for each in failed_jobs.queues(connection)}
    paused = {each.queue: each for each in lane_pauses.paused_lanes(connection)}
    for queue in LATE_AFTER:
        yield from _judge_queue(known.get(queue, Queue(queue, 0, 0, 0, None)), paused.get(queue))
    yield _judge_reputation(brake.current_reputation(connection))
    yield _judge_warm_up(connection, warm_up)


def _judge_queue(queue: Queue, pause: PausedLane | None) -> Iterator[Finding]:
    subject = f"queue {queue.queue}"
    waiting = f"{queue.waiting} wait" if queue.waiting else "nothing waits"
    if pause is not None:
        found = f"{waiting}, paused until {pause.until:%Y-%m-%d %H:%M} UTC"
        yield Finding("warning", subject, found, pause.reason)
    elif (queue.oldest_seconds or 0.0) > LATE_AFTER[queue.queue]:
        found = f"{waiting}, one for {queue.oldest_seconds:.0f} s"
        yield Finding("failure", subject, found, "see that a worker runs, and what it logs")
    else:
        yield Finding("ok", subject, waiting)
    if queue.failed:
        found = f"{queue.failed} of its jobs were given up"
        yield Finding("warning", subject, found, "`jobs list` shows them")


def _judge_reputation(reputation: Reputation) -> Finding:
    found = f"{reputation} in {brake.COUNTED_DAYS} days"
    match reputation.verdict:
        case Verdict.FINE:
            return Finding("ok", "reputation", found)
        case Verdict.WARN | Verdict.SLOW:
            return Finding("warning", "reputation", found, _LESS_MAIL)
        case Verdict.STOP:
            return Finding("failure", "reputation", found, _LESS_MAIL)


def _judge_warm_up(connection: Connection[Any], warm_up: WarmUp) -> Finding:
    today = datetime.now(UTC).date()
    cap = warm_up.cap_on(today)
    if cap is None:
        return Finding("ok", "warm-up", "no daily cap")
    return Finding("ok", "warm-up", f"{sent_on(connection, today)} of {cap} mails sent today")
