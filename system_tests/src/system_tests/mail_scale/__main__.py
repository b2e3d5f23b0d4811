"""`python -m system_tests.mail_scale`: bars M2, M5, M7 and M11. Ten minutes at 2 calls/s.

The API, one worker, one mailer and a fake Resend that keeps to its limit, all on this machine. What
times the API is a process of its own, and the fake is asked nothing before the last batch: else
the tool's own work would count as theirs.
"""

import argparse
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from random import uniform
from statistics import median, quantiles

from system_tests.fake_resend.remote import running_remotely
from system_tests.load.open_loop import milliseconds_at
from system_tests.mail_house.house import House, running_house
from system_tests.mail_house.memory import MemoryWatch
from system_tests.mail_house.readers import add_followers, add_members
from system_tests.mail_scale.answer_times import AnswerTimes
from system_tests.person import Person
from system_tests.visitor import Visitor
from system_tests.waiting import wait_until

FOLLOWERS = 100_000
CHUNK = 100
# Calls a second → seconds until the last batch is accepted.
LONGEST_SECONDS = {5: 250.0, 2: 550.0}
LONGEST_FAN_OUT_SECONDS = 60.0
# Until the tool gives up.
LONGEST_WRITING_SECONDS = 600.0
MOST_SLOWDOWN = 1.5
# Of the API, meanwhile.
REQUESTS_PER_SECOND = 50
WINDOW_SECONDS = 10.0
IDLE_WINDOWS = 6
# Reset codes asked for while chunks wait.
RESETS = 40
# By chance in between, so that they keep step with nothing.
SECONDS_BETWEEN_RESETS = (1.0, 3.0)
LONGEST_RESET_SECONDS = 2.0
# Unsubscribe links and webhooks called meanwhile, and for how long each may take.
CALLS_OF_OTHERS = 100
LONGEST_ANSWER_SECONDS = 1.0

_ACCEPTED = "select count(*) from delivery_chunks where state = 'accepted'"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls-per-second", type=int, choices=LONGEST_SECONDS, default=2)
    parser.add_argument("--followers", type=int, default=FOLLOWERS)
    options = parser.parse_args()
    with (
        running_remotely(options.calls_per_second) as resend,
        running_house(resend) as house,
        Person.signed_in(house.url, "author") as author,
        house.connect() as connection,
        ProcessPoolExecutor(1, get_context("spawn")) as timing,
    ):
        print(f"{options.followers:,} followers of one author, {options.calls_per_second} calls/s")
        readers = add_followers(connection, author.member.username, options.followers)
        forgetful = add_members(connection, RESETS)
        others = AnswerTimes(house, add_members(connection, CALLS_OF_OTHERS))
        wait_until(lambda: resend.accepted(), "the mails of the registration are sent")
        measurement = Measurement(house, author, options.calls_per_second, timing)
        measurement.run(readers, forgetful, others)


class Measurement:
    def __init__(
        self, house: House, author: Person, calls_per_second: int, timing: ProcessPoolExecutor
    ) -> None:
        self._house = house
        self._timing = timing
        self._author = author
        self._calls_per_second = calls_per_second
        (cookie,) = author.http.cookies.jar
        self._headers = {"Cookie": f"{cookie.name}={cookie.value}"}
        self._paths = ["/posts", "/feed", f"/posts/{author.member.username}"]

    def run(self, readers: Sequence[str], forgetful: Sequence[str], others: AnswerTimes) -> None:
        house = self._house
        chunks = len(readers) // CHUNK
        idle = [self._window() for _ in range(IDLE_WINDOWS)]
        busy: list[list[float]] = []
        pids = {"worker": house.workers[0].pid, "mailer": house.mailers[0].pid}
        with MemoryWatch(pids) as memory:
            began = time.monotonic()
            assert self._author.post_message("News for everybody").is_success
            done = threading.Event()
            written_at = [0.0]
            asked_at: dict[str, float] = {}
            meanwhile = [
                threading.Thread(target=self._note_when_written, args=[chunks, written_at]),
                threading.Thread(target=self._ask_for_codes, args=[forgetful, asked_at, done]),
                threading.Thread(target=others.measure_until, args=[done]),
            ]
            for thread in meanwhile:
                thread.start()
            while self._house.number(_ACCEPTED) < chunks:
                busy.append(self._window())
            done.set()
            for thread in meanwhile:
                thread.join()
        calls = self._accepted_calls()
        delivered = calls[-1] - began
        self._say_mails(readers, len(calls), chunks)
        self._say_resets(asked_at, calls[-1])
        _say("fan-out written", written_at[0] - began, LONGEST_FAN_OUT_SECONDS, "s")
        _say("M11 last batch accepted", delivered, LONGEST_SECONDS[self._calls_per_second], "s")
        self._say_most_calls()
        for what, taken in (
            ("M2 unsubscribing", others.unsubscribing),
            ("M7 webhook", others.webhooks),
        ):
            _say(
                f"{what} answered, slowest of {len(taken)}", max(taken), LONGEST_ANSWER_SECONDS, "s"
            )
        for name in pids:
            print(f"memory of the {name}: {memory.line(name)}")
        _say_slowdown(idle, busy)

    def _window(self) -> list[float]:
        """Milliseconds of each answer."""
        load = (REQUESTS_PER_SECOND, WINDOW_SECONDS, self._house.url, self._paths, self._headers)
        return self._timing.submit(milliseconds_at, *load).result()

    def _note_when_written(self, chunks: int, written_at: list[float]) -> None:
        count = "select count(*) from delivery_chunks"
        with self._house.connect() as connection:
            wait_until(
                lambda: connection.execute(count).fetchone() == (chunks,),
                "all chunks are written",
                LONGEST_WRITING_SECONDS,
            )
        written_at[0] = time.monotonic()

    def _ask_for_codes(
        self, addresses: Sequence[str], asked_at: dict[str, float], done: threading.Event
    ) -> None:
        with Visitor(self._house.url) as visitor:
            for address in addresses:
                asked_at[address] = time.monotonic()
                assert visitor.send_reset_token(address).is_success
                if done.wait(uniform(*SECONDS_BETWEEN_RESETS)):
                    break

    def _say_resets(self, asked_at: dict[str, float], last_batch_at: float) -> None:
        resend = self._house.resend
        wait_until(lambda: all(map(resend.accepted_by, asked_at)), "the last code is sent")
        sent_at = {call.key: call.at for call in resend.calls()}
        taken = []
        for address, at in asked_at.items():
            (mail,) = resend.accepted_by(address)
            taken.append(sent_at[mail.key] - at)
        before = last_batch_at - max(asked_at.values())
        print(f"{len(taken)} reset codes, the last one {before:.0f} s before the last batch")
        _say("M5 reset code sent, p95", quantiles(taken, n=20)[18], LONGEST_RESET_SECONDS, "s")

    def _accepted_calls(self) -> list[float]:
        return [
            call.at
            for call in self._house.resend.calls()
            if call.status == 200 and call.key.startswith("new_post/")
        ]

    def _say_mails(self, readers: Sequence[str], calls: int, chunks: int) -> None:
        mails = [mail for mail in self._house.resend.accepted() if mail.key.startswith("new_post/")]
        lost = len(set(readers) - {mail.recipient for mail in mails})
        doubled = (
            sum(mail.count - 1 for mail in mails)
            + len(mails)
            - len({mail.recipient for mail in mails})
        )
        verdict = "met" if (lost, doubled, calls) == (0, 0, chunks) else "MISSED"
        print(f"mails lost {lost}, doubled {doubled}, in {calls:,} calls of {chunks:,}: {verdict}")

    def _say_most_calls(self) -> None:
        calls = self._house.resend.calls()
        times = sorted(call.at for call in calls)
        within = [
            sum(at <= other < at + 1 for other in times[place : place + 20])
            for place, at in enumerate(times)
        ]
        limit = self._calls_per_second + 1
        _say("most calls in any second", max(within), limit, "")
        refused = sum(call.status != 200 for call in calls)
        print(f"seconds with more {sum(each > limit for each in within)}, calls refused {refused}")


def _say_slowdown(idle: Sequence[list[float]], busy: Sequence[list[float]]) -> None:
    """Of all requests meanwhile against all before, and of the usual window against the usual."""
    before, meanwhile = [_p99(window) for window in idle], [_p99(window) for window in busy]
    print(f"p99 idle {_shown(before)} ms, meanwhile {_shown(meanwhile)} ms")
    of_all_before, of_all = _p99(list(chain(*idle))), _p99(list(chain(*busy)))
    print(f"p99 of all requests idle {of_all_before:.1f} ms, meanwhile {of_all:.1f} ms")
    _say("API's p99 of all requests against idle", of_all / of_all_before, MOST_SLOWDOWN, "x")
    of_usual = median(meanwhile) / median(before)
    _say("API's p99 of the median window against idle", of_usual, MOST_SLOWDOWN, "x")


def _p99(taken: Sequence[float]) -> float:
    return quantiles(taken, n=100)[98]


def _shown(taken: Sequence[float]) -> str:
    return " ".join(f"{each:.1f}" for each in taken[:12]) + (" …" if len(taken) > 12 else "")


def _say(what: str, figure: float, most: float, unit: str) -> None:
    verdict = "met" if figure <= most else "MISSED"
    print(f"{what}: {figure:.2f} {unit} (≤ {most:.1f}) {verdict}")


if __name__ == "__main__":
    main()
