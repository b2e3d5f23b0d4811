"""An author, readers, and what Resend and the database know of the mails between them."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Self

from system_tests.mail_house.house import House
from system_tests.mail_house.readers import add_followers
from system_tests.members import unique_suffix
from system_tests.person import Person
from system_tests.waiting import wait_until

# On a busy machine, through a few retries.
LONGEST_DELIVERY_SECONDS = 300.0

_UNFINISHED = """
    select (select count(*) from delivery_chunks where state = 'waiting')
         + (select count(*) from procrastinate_jobs where status in ('todo', 'doing'))"""


class Newsroom:
    def __init__(self, house: House, readers: int) -> None:
        self.house = house
        self.author = Person.signed_in(house.url, "author")
        with house.connect() as connection:
            self.readers = add_followers(connection, self.author.member.username, readers)
        self._titles: list[str] = []

    def post(self) -> str:
        """Returns the title, which no other post has."""
        title = f"Issue {unique_suffix()}"
        assert self.author.post_message(title).is_success
        self._titles.append(title)
        return title

    def received(self, title: str) -> Counter[str]:
        """Whose mail about a post Resend took, and how often."""
        mails = self.house.resend.accepted()
        return Counter(
            {mail.recipient: mail.count for mail in mails if mail.subject.endswith(title)}
        )

    def is_told(self, title: str) -> bool:
        return len(self.received(title)) == len(self.readers)

    def wait_until_done(self, titles: Sequence[str]) -> None:
        """Everybody has the mails, and the database knows."""
        wait_until(
            lambda: not self.house.number(_UNFINISHED) and all(map(self.is_told, titles)),
            f"the mails about {len(titles)} posts are sent and recorded",
            LONGEST_DELIVERY_SECONDS,
        )

    def lost_and_doubled(self, titles: Sequence[str]) -> tuple[int, int]:
        lost = doubled = 0
        for title in titles:
            received = self.received(title)
            lost += len(set(self.readers) - received.keys())
            doubled += sum(count - 1 for count in received.values())
        return lost, doubled

    def keys_with_several_bodies(self) -> int:
        bodies: dict[str, set[str]] = defaultdict(set)
        for call in self.house.resend.calls():
            bodies[call.key].add(call.body_sha256)
        return sum(len(each) > 1 for each in bodies.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.author.http.close()


def seconds_until(happened_at: float) -> float:
    return time.monotonic() - happened_at
