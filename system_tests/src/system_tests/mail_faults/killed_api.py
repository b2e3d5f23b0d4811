"""R1 and R2: kill -9 of the API, and of its connections to Postgres, while members post."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from system_tests.mail_faults.outcome import Outcome
from system_tests.mail_house.house import House
from system_tests.members import unique_suffix
from system_tests.person import Person
from system_tests.waiting import wait_until

WRITERS = 8
POSTS_PER_SECOND = 200
KILLS, FEW_KILLS = 20, 2
# Between two kills, so that each befalls an API at work.
POSTS_BETWEEN_KILLS = 50
LONGEST_SECONDS = 120.0
SECONDS_BETWEEN_BREAKS = 0.3
BROKEN_OFF_POSTS, FEW_BROKEN_OFF_POSTS = 500, 60

_POSTS = "select title from posts where title like %s"
_JOBS_OF_POSTS = """
    select posts.id, count(jobs.id) from posts
    left join procrastinate_jobs jobs
        on jobs.task_name = 'notifications.fan_out_post' and args->>'post_id' = posts.id::text
    where title like %s group by posts.id"""
_JOBS_WITHOUT_POSTS = """
    select count(*) from procrastinate_jobs
    where task_name = 'notifications.fan_out_post'
      and not exists (select from posts where posts.id::text = args->>'post_id')"""
_BREAK_OFF = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and application_name <> 'worker'"""


class Writers:
    """Post all the time, and keep a journal of what was acknowledged."""

    def __init__(self, house: House) -> None:
        self.prefix = unique_suffix()
        with Person.signed_in(house.url, "writer") as author:
            self._cookies = dict(author.http.cookies)
        self._url = house.url
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.tried = 0
        self.acknowledged: list[str] = []

    def write(self) -> None:
        """Until `stop`; of one thread of several."""
        with httpx.Client(base_url=self._url, cookies=self._cookies, timeout=5) as http:
            while not self._stopped.is_set():
                began = time.monotonic()
                self._post(http)
                pause = WRITERS / POSTS_PER_SECOND - (time.monotonic() - began)
                self._stopped.wait(max(pause, 0))

    def wait_for_more(self) -> None:
        wanted = len(self.acknowledged) + POSTS_BETWEEN_KILLS
        wait_until(lambda: len(self.acknowledged) >= wanted, "members post", LONGEST_SECONDS)

    def stop(self) -> None:
        self._stopped.set()

    def _post(self, http: httpx.Client) -> None:
        with self._lock:
            self.tried += 1
            title = f"{self.prefix} {self.tried}"
        try:
            answer = http.post("/posts", json={"title": title, "content": "Written by a test."})
        except httpx.TransportError:
            # Whether it was written nobody knows; that is what may happen to it.
            self._stopped.wait(0.05)
            return
        if answer.status_code == httpx.codes.CREATED:
            with self._lock:
                self.acknowledged.append(title)


def killed_api(house: House, *, short: bool) -> Outcome:
    outcome = Outcome("R1", f"API killed under {POSTS_PER_SECOND} posts/s")
    writers = Writers(house)
    with ThreadPoolExecutor(WRITERS) as threads:
        for _ in range(WRITERS):
            threads.submit(writers.write)
        for _ in range(FEW_KILLS if short else KILLS):
            writers.wait_for_more()
            house.api.kill()
            killed_at = time.monotonic()
            house.api.start()
            outcome.recovery_seconds.append(time.monotonic() - killed_at)
            outcome.runs += 1
        writers.wait_for_more()
        writers.stop()
    _compare(house, writers, outcome)
    return outcome


def broken_off_transactions(house: House, *, short: bool) -> Outcome:
    outcome = Outcome("R2", "transactions of posts broken off in Postgres")
    wanted = FEW_BROKEN_OFF_POSTS if short else BROKEN_OFF_POSTS
    writers = Writers(house)
    with ThreadPoolExecutor(WRITERS) as threads, house.connect() as connection:
        for _ in range(WRITERS):
            threads.submit(writers.write)
        while writers.tried < wanted:
            time.sleep(SECONDS_BETWEEN_BREAKS)
            connection.execute(_BREAK_OFF)
        writers.stop()
    outcome.runs = writers.tried
    _compare(house, writers, outcome)
    return outcome


def _compare(house: House, writers: Writers, outcome: Outcome) -> None:
    """The journal with the tables."""
    with house.connect() as connection:
        like = [f"{writers.prefix} %"]
        written = Counter(title for (title,) in connection.execute(_POSTS, like))
        jobs: dict[str, int] = dict(connection.execute(_JOBS_OF_POSTS, like).fetchall())
    outcome.lost = sum(title not in written for title in writers.acknowledged)
    outcome.lost += sum(count == 0 for count in jobs.values())
    outcome.duplicated = sum(count - 1 for count in written.values())
    outcome.duplicated += sum(count - 1 for count in jobs.values() if count)
    orphans = house.number(_JOBS_WITHOUT_POSTS)
    outcome.expect(orphans == 0, f"{orphans} jobs without a post")
    outcome.notes.append(
        f"{writers.tried} posts tried, {len(writers.acknowledged)} acknowledged, "
        f"{len(written)} written, each with one fan-out job"
    )
