"""`python -m system_tests.rolling_restart`, from the root of the repository: some minutes.

Two of each service that answers people behind a balancer, and people who use them. One process
after the other is told to stop, and started again once it has; each must end by itself.
"""

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from local_stack.postgres import running_postgres
from local_stack.valkey import running_valkey

from system_tests.load.servers import migrate
from system_tests.rolling_restart.balancer import Servers
from system_tests.rolling_restart.mails import posts_mailed
from system_tests.rolling_restart.people import SAFE, UNSAFE, Journal, Someone
from system_tests.rolling_restart.replicas import LONGEST_STOP_SECONDS, Replicas, replicas
from system_tests.waiting import wait_until

PEOPLE = 4
# Before the first restart, between two of them and after the last.
CALM_SECONDS = 3.0
# Until every mail about what was written has left.
MAIL_SECONDS = 900.0
MOST_FAILED_OF_OTHERS = 0.001

_CONFIRM = "update users set email_confirmed_at = now()"
_WAITING = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
_WRITTEN = "select title, count(*) from posts where title = any(%s) group by title"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="decoupled-") as folder:
        # Postgres, which is not root, has to pass through it.
        Path(folder).chmod(0o755)
        with (
            running_postgres(Path(folder), fast=False) as postgres,
            running_valkey(Path(folder)) as valkey,
        ):
            migrate(postgres)
            system = replicas(Path(folder), postgres, valkey, os.environ["PATH"])
            with all_running(system), psycopg.connect(postgres.url, autocommit=True) as database:
                return judge(restart_all(system, database), database, system.outbox)


@contextmanager
def all_running(system: Replicas) -> Iterator[None]:
    with ExitStack() as started:
        for replica in system.each:
            replica.start()
            started.callback(replica.process.kill)
        yield


def restart_all(system: Replicas, database: psycopg.Connection) -> Journal:
    journal, done = Journal(), threading.Event()
    with Servers(system.addresses) as servers:
        reader, *people = [Someone(servers, journal, done) for _ in range(PEOPLE + 1)]
        for someone in (reader, *people):
            someone.sign_up()
        database.execute(_CONFIRM)
        for someone in people:
            reader.follow(someone.member.username)
        for someone in people:
            someone.start()
        time.sleep(CALM_SECONDS)
        for replica in system.each:
            journal.restarting = replica.name
            stopped = replica.stop()
            began = time.monotonic()
            replica.start()
            print(f"{replica.name:20} stopped in {stopped:4.1f} s, ", end="")
            print(f"ready again after {time.monotonic() - began:4.1f} s", flush=True)
            time.sleep(CALM_SECONDS)
        done.set()
        for someone in people:
            someone.join()
    return journal


def judge(journal: Journal, database: psycopg.Connection, outbox: Path) -> int:
    """Prints the figures of bar R15; returns 1 if one is missed."""
    rate = journal.failed[UNSAFE] / journal.asked[UNSAFE]
    written: dict[str, int] = dict(database.execute(_WRITTEN, [journal.acknowledged]).fetchall())
    lost = len(set(journal.acknowledged)) - len(written)
    doubled = sum(count > 1 for count in written.values())
    wait_until(
        lambda: database.execute(_WAITING).fetchone() == (0,), "every mail left", MAIL_SECONDS
    )
    mailed = posts_mailed(outbox)
    for example, count in Counter(journal.examples).most_common():
        print(f"  {count} x {example}")
    figures = [
        (f"of {journal.asked[SAFE]} idempotent requests failed", journal.failed[SAFE], 0),
        (
            f"of {journal.asked[UNSAFE]} others failed ({rate:.3%})",
            journal.failed[UNSAFE],
            int(journal.asked[UNSAFE] * MOST_FAILED_OF_OTHERS),
        ),
        (f"of {len(journal.acknowledged)} acknowledged posts lost", lost, 0),
        ("of them written twice", doubled, 0),
        ("not mailed to their reader", sum(mailed[title] < 1 for title in written), 0),
        ("mailed twice", sum(count > 1 for count in mailed.values()), 0),
    ]
    for what, count, most in figures:
        print(f"{count:6} {what:60} {'met' if count <= most else 'MISSED'}")
    print(f"{journal.degraded:6} searches were answered without heavy_computation")
    print(f"Each process ended by itself, in less than {LONGEST_STOP_SECONDS:.0f} s.")
    return int(any(count > most for _, count, most in figures))


if __name__ == "__main__":
    sys.exit(main())
