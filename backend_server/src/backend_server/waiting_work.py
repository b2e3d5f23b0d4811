"""What waits and who is signed in, looked up whenever Prometheus asks the worker.

Several workers tell the same: whoever reads it takes the greatest, not the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend_server import lane_pauses
from backend_server.errors import PartUnavailable
from backend_server.notifications import brake

if TYPE_CHECKING:
    from backend_server.services import Services

log: Final = structlog.get_logger(__name__)

# Every queue, so that an empty one is zero and not missing. A job counts as waiting from when it is
# due; the oldest is the one with the lowest number.
_WAITING: Final = """
    select queue_name, count(*), extract(epoch from now() - max(queued.at))::float8
    from (
        select queue_name, id, min(id) over (partition by queue_name) as oldest
        from procrastinate_jobs
        where status = 'todo' and coalesce(scheduled_at, now()) <= now()
    ) due
    left join procrastinate_events queued
        on queued.job_id = due.oldest and due.id = due.oldest and queued.type = 'deferred'
    group by queue_name"""
_GIVEN_UP: Final = "select count(*) from procrastinate_jobs where status = 'failed'"


class WaitingWork(Collector):
    def __init__(self, services: Services, queues: list[str]) -> None:
        self._services = services
        self._queues = queues

    def collect(self) -> Iterator[Metric]:
        """A part that is down is missing from the answer; Prometheus then has no value for it."""
        for look in (self._jobs, self._pauses, self._sessions, self._reputation):
            try:
                yield from look()
            except PartUnavailable as error:
                log.warning("not_measured", part=error.part)

    def _jobs(self) -> list[Metric]:
        waiting = GaugeMetricFamily("jobs_waiting", "Jobs that are due", labels=["queue"])
        oldest = GaugeMetricFamily(
            "jobs_oldest_seconds", "How long ago the oldest of them was queued", labels=["queue"]
        )
        with self._services.database.reading() as connection:
            found = {queue: rest for queue, *rest in connection.execute(_WAITING)}
            given_up = connection.execute(_GIVEN_UP).fetchone()
        for queue in self._queues:
            count, seconds = found.get(queue, (0, 0.0))
            waiting.add_metric([queue], count)
            oldest.add_metric([queue], seconds or 0.0)
        failed = GaugeMetricFamily("jobs_given_up", "Jobs that an operator should look at")
        failed.add_metric([], given_up[0] if given_up else 0)
        return [waiting, oldest, failed]

    def _pauses(self) -> list[Metric]:
        """Since a quota is used up, or the provider is away."""
        with self._services.database.reading() as connection:
            paused = {each.queue for each in lane_pauses.paused_lanes(connection)}
        pauses = GaugeMetricFamily(
            "jobs_paused", "1 while the queue waits for the mail provider", labels=["queue"]
        )
        for queue in self._queues:
            pauses.add_metric([queue], queue in paused)
        return [pauses]

    def _sessions(self) -> list[Metric]:
        sessions = GaugeMetricFamily("sessions", "Browsers that are signed in")
        sessions.add_metric([], self._services.session_store.count())
        return [sessions]

    def _reputation(self) -> list[Metric]:
        """By which notifications are slowed down and stopped (`notifications.brake`)."""
        with self._services.database.reading() as connection:
            judged = brake.current_reputation(connection)
        told = (
            (
                "mail_complaint_rate",
                "Complaints, of a week's mails about posts",
                judged.complaint_rate,
            ),
            ("mail_bounce_rate", "Bounces, of a week's mails about posts", judged.bounce_rate),
            ("mail_verdict", "0 all goes, 1 watch it, 2 slowed, 3 stopped", judged.verdict),
        )
        return [GaugeMetricFamily(name, about, value=value) for name, about, value in told]
