"""kill -9 of the worker or the mailer at the worst moment: no mail is lost, none sent twice."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from system_tests.fake_resend import API_KEY, FakeResend
from system_tests.members import unique_suffix
from system_tests.person import Person
from system_tests.stack import StackUnderTest, running_stack
from system_tests.waiting import wait_until

KILLS = 5
READERS = 3
# A post needs about this long from the API to Resend; kills at any time before that hit every step.
WAY_SECONDS = 0.5
# Both sides; fast, because the limit of calls is not what is tested here.
CALLS_PER_SECOND = 20
# Until a job whose worker was killed has been found, done again and recorded.
RECOVERY_SECONDS = 90.0


@dataclass(frozen=True)
class Newsroom:
    """An author, the readers, and everything between them."""

    stack: StackUnderTest
    resend: FakeResend
    author: Person
    readers: list[str]

    def post(self) -> str:
        """Returns the title, which no other post has."""
        title = f"Issue {unique_suffix()}"
        assert self.author.post_message(title).is_success
        return title

    def accepted(self, title: str) -> list[tuple[str, int]]:
        """Whose mail about a post Resend took, and how often."""
        mails = [mail for mail in self.resend.accepted() if mail.subject.endswith(title)]
        return sorted((mail.recipient, mail.count) for mail in mails)

    def calls_by_key(self) -> dict[str, list[str]]:
        """For each idempotency key what was sent under it, in turn."""
        bodies: dict[str, list[str]] = defaultdict(list)
        for call in self.resend.calls():
            bodies[call.key].append(call.body_sha256)
        return bodies


@pytest.fixture(scope="module")
def newsroom(show_log: Callable[[Path], None]) -> Iterator[Newsroom]:
    settings = {
        "RESEND_API_KEY": API_KEY,
        "RESEND_CALLS_PER_SECOND": str(CALLS_PER_SECOND),
        "WORKER_HEARTBEAT_SECONDS": "1",
        "WORKER_STALLED_AFTER_SECONDS": "3",
        "WORKER_RECOVERY_SECONDS": "1",
    }
    with (
        FakeResend(calls_per_second=CALLS_PER_SECOND) as resend,
        running_stack(RESEND_API_URL=resend.url, **settings) as stack,
        Person.signed_in(stack.url, "author") as author,
    ):
        show_log(stack.log)
        readers = [follower_of(author, stack) for _ in range(READERS)]
        newsroom = Newsroom(stack, resend, author, sorted(readers))
        wait_until(lambda: all_recorded(newsroom), "the mails of the registrations are sent")
        yield newsroom


def follower_of(author: Person, stack: StackUnderTest) -> str:
    """Returns the address of a new member who follows the author and has confirmed it."""
    with Person.signed_in(stack.url, "reader") as reader:
        assert reader.send("PUT", f"/users/{author.member.username}/follow").is_success
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(
            "update users set email_confirmed_at = now() where username = %s",
            [reader.member.username],
        )
    return reader.member.email


def all_recorded(newsroom: Newsroom) -> bool:
    with psycopg.connect(newsroom.stack.database_url) as connection:
        row = connection.execute(
            "select (select count(*) from deliveries where state <> 'accepted')"
            " + (select count(*) from procrastinate_jobs"
            "    where status in ('todo', 'doing') and queue_name <> 'recovery')"
        ).fetchone()
    return row == (0,)


def assert_everybody_gets_it_once(newsroom: Newsroom, title: str) -> None:
    wait_until(
        lambda: len(newsroom.accepted(title)) == READERS and all_recorded(newsroom),
        f"the mails about {title} are sent and recorded",
        RECOVERY_SECONDS,
    )
    assert newsroom.accepted(title) == [(reader, 1) for reader in newsroom.readers]
    for key, bodies in newsroom.calls_by_key().items():
        assert len(set(bodies)) == 1, key


@pytest.mark.parametrize("part", ["worker", "mailer"])
def test_a_kill_between_the_acceptance_and_the_answer(newsroom: Newsroom, part: str) -> None:
    for _ in range(KILLS):
        calls_before = len(newsroom.resend.calls())
        # Resend has sent the mails, and nobody but Resend knows.
        newsroom.resend.misbehave({"answer": "timeout_after_accept"})
        title = newsroom.post()
        wait_until(lambda title=title: newsroom.accepted(title), f"Resend accepts {title}")
        newsroom.stack.process(part).restart()
        assert_everybody_gets_it_once(newsroom, title)
        assert len(newsroom.resend.calls()) - calls_before == 2


@pytest.mark.parametrize("part", ["worker", "mailer"])
def test_a_kill_at_any_time(newsroom: Newsroom, part: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    times = random.Random(seed)
    titles = []
    for _ in range(KILLS):
        titles.append(newsroom.post())
        time.sleep(times.uniform(0, WAY_SECONDS))
        newsroom.stack.process(part).restart()
    for title in titles:
        assert_everybody_gets_it_once(newsroom, title)
