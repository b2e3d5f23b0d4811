"""What is left of a suspended member for others."""

from __future__ import annotations

from uuid import UUID

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.accounts.use_cases.suspend_member import suspend_member
from backend_server.services import Services


def test_they_can_be_followed_no_longer_but_still_be_left(
    alice: Person, bob: Person, services: Services, tables: Tables
) -> None:
    bob.follow(alice)
    suspend_member(services, UUID(alice.id))
    assert bob.put("/users/Alice/follow", {"mail": "digest"}).status_code == 404
    assert bob.delete("/users/Alice/follow").status_code == 200
    assert tables.count("follows") == 0
    assert bob.delete("/users/Alice/follow").status_code == 404


def test_a_profile_counts_whom_its_lists_show(
    alice: Person, bob: Person, visitor: Browser, services: Services
) -> None:
    bob.follow(alice)
    alice.follow(bob)
    suspend_member(services, UUID(alice.id))
    profile = visitor.get("/users/Bob").get_json()["data"]
    assert (profile["followers"], profile["following"]) == (0, 0)


@pytest.mark.usefixtures("bob")
def test_they_get_no_account_mail_either(
    alice: Person, visitor: Browser, services: Services, mailer: RecordingMailer
) -> None:
    do_queued_jobs(services)
    alice.post("/auth/send-confirmation")
    suspend_member(services, UUID(alice.id))
    visitor.post("/auth/send-reset-token", {"email": "alice@decoupled.dev"})
    visitor.post("/auth/send-reset-token", {"email": "bob@decoupled.dev"})
    before = len(mailer.sent("confirm_email"))
    do_queued_jobs(services)
    assert [each.recipients[0].username for each in mailer.sent("reset_code")] == ["Bob"]
    assert len(mailer.sent("confirm_email")) == before
