"""The worker's tasks of notifications."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from procrastinate import JobContext
from procrastinate.exceptions import JobAborted

from backend_server import job_upkeep, jobs
from backend_server.notifications import delivery, digests, fan_out, mail_events
from backend_server.notifications.links import MailLinks
from backend_server.notifications.use_cases import FAN_OUT_POST
from backend_server.notifications.warm_up import WarmUp
from backend_server.notifications.webhooks import APPLY_MAIL_EVENTS
from backend_server.retries import RetryWhatMaySucceed
from backend_server.services import Services

# A chunk is given up 20 hours after its first try; a fan-out never is.
RETRY: Final = RetryWhatMaySucceed(most_retries=None)


@jobs.app.task(name=FAN_OUT_POST, queue=jobs.FAN_OUT, pass_context=True, retry=RETRY)
def fan_out_post(context: JobContext, post_id: str) -> None:
    """Stops between two steps when the worker has to; the next run goes on from there."""
    used = jobs.services_of(context)
    while fan_out.freeze_next_chunks(used.database, _links(used), UUID(post_id)):
        _note_progress(context)
        if context.should_abort():
            raise JobAborted


@jobs.app.task(name=digests.WRITE_DIGESTS, queue=jobs.DIGESTS, pass_context=True, retry=RETRY)
def write_digests(context: JobContext) -> None:
    """As `fan_out_post`."""
    while digests.write_due_digests(jobs.services_of(context).database):
        _note_progress(context)
        if context.should_abort():
            raise JobAborted


@jobs.app.task(name=fan_out.DELIVER_CHUNK, queue=jobs.DELIVERY, pass_context=True, retry=RETRY)
def deliver_chunk(context: JobContext, chunk_id: str) -> None:
    used = jobs.services_of(context)
    warm_up = WarmUp.of(used.settings)
    delivery.deliver_chunk(used.database, used.mailer, _links(used), UUID(chunk_id), warm_up)


@jobs.app.task(name=APPLY_MAIL_EVENTS, queue=jobs.MAIL_EVENTS, pass_context=True, retry=RETRY)
def apply_mail_events(context: JobContext, event_id: str) -> None:
    mail_events.apply_mail_events(jobs.services_of(context).database, event_id)


def _note_progress(context: JobContext) -> None:
    """Its workers may be killed as often as it has steps, and it is still not given up."""
    if context.job.id is not None and context.job.attempts > 0:
        job_upkeep.forget_recoveries(jobs.services_of(context).database, context.job.id)


def _links(used: Services) -> MailLinks:
    return MailLinks(used.settings.public_url, used.settings.link_key)
