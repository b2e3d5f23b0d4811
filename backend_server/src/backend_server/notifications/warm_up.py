"""A new sender domain begins slowly: so many mails about posts on its first days, then any number.

Mail providers trust nobody who sends thousands from one day to the next. Account mail is not held
back: somebody waits for it, and there is little of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID

from backend_server.grpc_errors import PostponedCallError

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.config import Settings

# Chunks take turns, or two would each see room for themselves.
_TAKE_TURN: Final = "select pg_advisory_xact_lock(hashtextextended('mail_warm_up', 0))"
# Of a day in UTC. Who was skipped got no mail.
_SENT: Final = """
    select count(*)
    from delivery_chunks
    join deliveries on deliveries.chunk_id = delivery_chunks.id
    where delivery_chunks.first_tried_at >= %(midnight)s and delivery_chunks.id <> %(chunk_id)s
      and deliveries.state <> 'skipped'"""
_WAITING_IN: Final = """
    select count(*) from deliveries where chunk_id = %s and state = 'waiting'"""

_NO_CHUNK: Final = UUID(int=0)


class NoRoomTodayError(PostponedCallError):
    """The domain is new, and has sent as much as it should on this day."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    # The day of the first mail; None when the domain is known already.
    since: date | None
    # For each day from then on, how many mails.
    caps: Sequence[int]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.mail_warm_up_since, settings.mail_warm_up_caps)

    def cap_on(self, day: date) -> int | None:
        """None when there is none. Before the first day the first day's holds."""
        if self.since is None:
            return None
        number = max(0, (day - self.since).days)
        return self.caps[number] if number < len(self.caps) else None


NO_WARM_UP: Final = WarmUp(None, ())


def take_room(connection: Connection[Any], warm_up: WarmUp, chunk_id: UUID) -> None:
    """For all that wait in a chunk that is about to be tried first, in its transaction.

    Raises `NoRoomTodayError` when today's cap has no room for all of them.
    """
    now = datetime.now(UTC)
    cap = warm_up.cap_on(now.date())
    if cap is None:
        return
    connection.execute(_TAKE_TURN)
    ((wanted,),) = connection.execute(_WAITING_IN, [chunk_id]).fetchall()
    if sent_on(connection, now.date(), chunk_id) + wanted > cap:
        raise NoRoomTodayError(f"{cap} mails are enough for today", _seconds_until_tomorrow(now))


def sent_on(connection: Connection[Any], day: date, but_for: UUID = _NO_CHUNK) -> int:
    """How many mails about posts were sent on a day in UTC."""
    parameters = {"midnight": datetime.combine(day, time(), UTC), "chunk_id": but_for}
    ((sent,),) = connection.execute(_SENT, parameters).fetchall()
    return int(sent)


def _seconds_until_tomorrow(now: datetime) -> float:
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return (midnight - now).total_seconds()
