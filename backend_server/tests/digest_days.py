"""Moves time for tests of digests: what was written is made old, what is to come is made due."""

from __future__ import annotations

from typing import Any

import pytest
from backend_database import Tables
from backend_people import Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs
from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from backend_server.notifications.digests import WRITE_DIGESTS
from backend_server.services import Services

_QUEUE = """
    insert into procrastinate_jobs (queue_name, task_name) values ('digests', %s)"""


@pytest.fixture
def reader(bob: Person, alice: Person, tables: Tables) -> Person:
    """Bob, who gets what Alice writes in a digest."""
    tables.confirm_email("Bob")
    bob.follow(alice, mail="digest")
    let_an_hour_pass(tables)
    # Between 7 and 8 in the morning that hour would have made it due.
    tables.execute("update digests set next_at = next_at + interval '1 day' where next_at <= now()")
    return bob


def let_an_hour_pass(tables: Tables) -> None:
    """Since everything that was followed, posted or digested."""
    tables.execute("update follows set created_at = created_at - interval '1 hour'")
    tables.execute("update posts set created_at = created_at - interval '1 hour'")
    tables.execute(
        """update digests set next_at = next_at - interval '1 hour',
           last_at = last_at - interval '1 hour', news_since = news_since - interval '1 hour'"""
    )


def make_digests_due(tables: Tables) -> None:
    let_an_hour_pass(tables)
    tables.execute("update digests set next_at = now() - interval '1 minute'")


def write_digests(services: Services, tables: Tables) -> None:
    """And deliver them, as the worker does when its clock finds one due."""
    tables.execute(_QUEUE, WRITE_DIGESTS)
    do_queued_jobs(services)


def digests_of(mailer: RecordingMailer) -> list[tuple[str, list[str], int]]:
    """Recipient, titles in their order, and how many more; one for each digest sent."""
    return [digest for sent in mailer.sent("digest") for digest in _each(sent)]


def _each(sent: SendMailRequest) -> list[tuple[str, list[str], int]]:
    titles = [post.title for post in sent.digest.posts]
    return [
        (recipient.username, [titles[place] for place in selection.places], selection.more)
        for recipient, selection in zip(sent.recipients, sent.digest.selections, strict=True)
    ]


def post_of(sent: SendMailRequest) -> Any:
    return sent.mention.post if sent.WhichOneof("mail") == "mention" else sent.new_post
