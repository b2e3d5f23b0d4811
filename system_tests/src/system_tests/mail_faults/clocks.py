"""R17: two workers look for digests that are due, and the clock jumps by an hour, both ways."""

import time

from system_tests.mail_faults.newsroom import Newsroom
from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.waiting import wait_until

READERS, FEW_READERS = 500, 30
# A worker looks every twenty seconds.
LOOK_SECONDS = 25.0
LONGEST_SECONDS = 180.0

_WANT_DIGESTS = "update follows set mail = 'digest'"
# As if the clock had been put forward by the interval: all that it is compared with is that older.
_JUMP = """
    update digests set next_at = next_at - %(by)s::interval, last_at = last_at - %(by)s::interval,
                       news_since = news_since - %(by)s::interval;
    update posts set created_at = created_at - %(by)s::interval;
    update follows set created_at = created_at - %(by)s::interval;
    update procrastinate_jobs set scheduled_at = scheduled_at - %(by)s::interval;
    update procrastinate_events set at = at - %(by)s::interval"""
_DUE_IN_HALF_AN_HOUR = "update digests set next_at = now() + interval '30 min'"
_SENT = "select count(*) from deliveries where post_id is null and state = 'accepted'"
_DUE_TWICE = """
    select count(*) from (select member_id from deliveries where post_id is null
                          group by member_id having count(*) > 1) twice"""


def jumping_clock(house: House, *, short: bool) -> Outcome:
    readers = FEW_READERS if short else READERS
    outcome = Outcome("R17", "clock jumps by ±1 h, two workers look for due digests")
    with Newsroom(house, readers) as newsroom:
        newsroom.wait_until_done([])
        with house.connect() as connection:
            connection.execute(_WANT_DIGESTS)
        newsroom.post()
        # A post belongs to the next digest only once it has settled.
        _jump(house, "10 min")
        with house.connect() as connection:
            connection.execute(_DUE_IN_HALF_AN_HOUR)
        _jump(house, "1 h")
        began = time.monotonic()
        wait_until(lambda: house.number(_SENT) >= readers, "the digests are sent", LONGEST_SECONDS)
        outcome.recovery_seconds.append(time.monotonic() - began)
        for by in ("-1 h", "1 h", "-1 h", "1 h"):
            newsroom.post()
            _jump(house, by)
            time.sleep(LOOK_SECONDS)
        outcome.runs = 5
        outcome.lost = readers - house.number(_SENT)
        outcome.duplicated = house.number(_DUE_TWICE)
        mails = [mail for mail in house.resend.accepted() if mail.key.startswith("digest/")]
        outcome.duplicated += len(mails) - len({mail.recipient for mail in mails})
    return outcome


def _jump(house: House, by: str) -> None:
    with house.connect() as connection, connection.transaction():
        for statement in _JUMP.split(";"):
            connection.execute(statement, {"by": by})
