"""R4: kill -9 between Resend's acceptance and our knowing of it."""

import time
from functools import partial

from system_tests.mail_faults.newsroom import Newsroom
from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.stack import PartUnderTest
from system_tests.waiting import wait_until

READERS = 3
KILLS, FEW_KILLS = 50, 2
LONGEST_SECONDS = 120.0


def killed_worker(house: House, *, short: bool) -> Outcome:
    return _kill(
        house, house.workers[0], "worker killed between Resend's 200 and the commit", short=short
    )


def killed_mailer(house: House, *, short: bool) -> Outcome:
    return _kill(
        house, house.mailers[0], "mailer killed between Resend's 200 and the commit", short=short
    )


def _kill(house: House, part: PartUnderTest, what: str, *, short: bool) -> Outcome:
    outcome = Outcome("R4", what)
    with Newsroom(house, READERS) as newsroom:
        newsroom.wait_until_done([])
        titles = []
        for _ in range(FEW_KILLS if short else KILLS):
            calls_before = len(house.resend.calls())
            # Resend has sent the mails, and nobody but Resend knows.
            house.resend.misbehave({"answer": "timeout_after_accept"})
            title = newsroom.post()
            titles.append(title)
            wait_until(partial(newsroom.is_told, title), f"Resend accepts {title}", LONGEST_SECONDS)
            part.kill()
            killed_at = time.monotonic()
            part.start()
            newsroom.wait_until_done([title])
            outcome.recovery_seconds.append(time.monotonic() - killed_at)
            outcome.runs += 1
            calls = house.resend.calls()[calls_before:]
            outcome.expect(len(calls) == 2, f"{len(calls)} calls instead of the one and its repeat")
            outcome.expect(all(call.status != 409 for call in calls), "Resend answered 409")
        outcome.lost, outcome.duplicated = newsroom.lost_and_doubled(titles)
        outcome.expect(not newsroom.keys_with_several_bodies(), "other bytes under the same key")
    return outcome
