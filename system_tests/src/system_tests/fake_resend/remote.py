"""The fake in a process of its own: its work does not slow down whoever measures, nor is slowed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from local_stack.addresses import Address
from local_stack.child_processes import ChildProcess
from local_stack.part import listens_on
from local_stack.ports import LOOPBACK, free_port

from system_tests.fake_resend.ledger import AcceptedMail, Call
from system_tests.fake_resend.misbehaviour import Order

START_SECONDS = 30.0
# It may be busy with a batch.
ANSWER_SECONDS = 60.0


class RemoteResend:
    """Offers what `FakeResend` offers to tests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=ANSWER_SECONDS)

    def misbehave(self, *orders: Order) -> None:
        self._http.post("/_control", json={"answers": orders}).raise_for_status()

    def behave(self) -> None:
        self._http.post("/_control", json={"answers": [], "behave": True}).raise_for_status()

    def in_progress(self) -> int:
        answer = self._http.get("/_in_progress").raise_for_status()
        return int(answer.json()["data"])

    def accepted(self) -> list[AcceptedMail]:
        return [AcceptedMail(**mail) for mail in self._data("/_accepted")]

    def accepted_by(self, recipient: str) -> list[AcceptedMail]:
        return [AcceptedMail(**mail) for mail in self._data("/_accepted", recipient=recipient)]

    def calls(self) -> list[Call]:
        return [Call(**call) for call in self._data("/_calls")]

    def close(self) -> None:
        self._http.close()

    def _data(self, path: str, **query: str) -> list[dict[str, Any]]:
        answer = self._http.get(path, params=query).raise_for_status()
        data: list[dict[str, Any]] = answer.json()["data"]
        return data


@contextmanager
def running_remotely(calls_per_second: int) -> Iterator[RemoteResend]:
    port = free_port()
    command = [sys.executable, "-m", "system_tests.fake_resend", "--port", str(port)]
    command += ["--calls-per-second", str(calls_per_second)]
    process = ChildProcess("fake resend", command)
    process.start()
    try:
        ready = listens_on(Address(LOOPBACK, port))
        process.wait_until(lambda: ready(process), START_SECONDS)
        resend = RemoteResend(f"http://{LOOPBACK}:{port}")
        yield resend
        resend.close()
    finally:
        process.stop()
