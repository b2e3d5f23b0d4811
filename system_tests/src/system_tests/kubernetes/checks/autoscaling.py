"""backend-server grows under load, and shrinks after."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

from system_tests.kubernetes.cluster import get, wait_in_cluster, web_url
from system_tests.kubernetes.report import Line

READERS: Final = 8
READER_SECONDS: Final = 30.0
UP_SECONDS: Final = 300.0
# The longest that a scaler waits before it scales down, and what metrics lag behind.
DOWN_SECONDS: Final = 600.0


def check() -> list[Line]:
    scaler = get("hpa", "backend-server")
    least = int(scaler["spec"]["minReplicas"])
    wait_in_cluster(lambda: _replicas() == least, "as few as without load", DOWN_SECONDS)
    started_at = time.monotonic()
    with _readers(web_url()) as answers:
        wait_in_cluster(lambda: _replicas() > least, "more under load", UP_SECONDS)
        up_after, most = time.monotonic() - started_at, _replicas()
    stopped_at = time.monotonic()
    wait_in_cluster(lambda: _replicas() == least, "as few as before", DOWN_SECONDS)
    down_after = time.monotonic() - stopped_at
    return [
        Line(
            "autoscaling of backend-server",
            "up under load, down after",
            f"{least} to {most} after {up_after:.0f} s of {sum(answers) / up_after:.0f}/s, "
            f"back after {down_after:.0f} s",
            holds=True,
        )
    ]


def _replicas() -> int:
    return int(get("deployment", "backend-server")["spec"]["replicas"])


@contextmanager
def _readers(url: str) -> Iterator[list[int]]:
    """Each asks again as soon as it is answered; the list has a count for each."""
    ended = threading.Event()
    answers = [0] * READERS

    def read(number: int) -> None:
        with httpx.Client(timeout=READER_SECONDS) as client:
            while not ended.is_set():
                client.get(f"{url}/api/posts", params={"limit": 100})
                answers[number] += 1

    threads = [threading.Thread(target=read, args=[number]) for number in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ended.set()
        for thread in threads:
            thread.join()
