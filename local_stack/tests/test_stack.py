import sys

import pytest
from local_stack.child_processes import ChildFailedError, ChildProcess
from local_stack.part import Part, has_succeeded
from local_stack.stack import Stack, StartInterruptedError

# Writes when it stops, and takes a moment for it.
SERVICE = """
import signal, sys, time
def stop(*_):
    time.sleep(0.1)
    print("stopped", flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("started", flush=True)
time.sleep(600)
"""


class Journal:
    """What the parts printed, in order."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def part(
        self, name: str, code: str = SERVICE, *, needs: tuple[str, ...] = (), ends: bool = False
    ) -> Part:
        def launch() -> ChildProcess:
            process = ChildProcess(name, [sys.executable, "-c", code], output=note)
            process.start()
            return process

        def note(line: str) -> None:
            self.entries.append(f"{name} {line}")

        def is_ready(process: ChildProcess) -> bool:
            return has_succeeded(process) if ends else f"{name} started" in self.entries

        return Part(name, launch, is_ready, needs, ends)


@pytest.fixture
def journal() -> Journal:
    return Journal()


def test_parts_start_when_what_they_need_is_ready_and_stop_in_reverse(journal: Journal) -> None:
    stack = Stack(
        [
            [journal.part("storage")],
            [journal.part("migrate", "print('done')", needs=("storage",), ends=True)],
            [journal.part("server", needs=("migrate",))],
            [journal.part("web", needs=("server",))],
        ]
    )
    stack.start()
    stack.raise_for_the_dead()
    stack.stop()
    assert journal.entries == [
        "storage started",
        "migrate done",
        "server started",
        "web started",
        "web stopped",
        "server stopped",
        "storage stopped",
    ]


def test_a_need_that_does_not_run_here_does_not_hold_anybody_up(journal: Journal) -> None:
    stack = Stack([[journal.part("server", needs=("postgres",))]])
    stack.start()
    stack.stop()
    assert journal.entries == ["server started", "server stopped"]


def test_a_part_that_ends_during_the_start_is_named_with_its_reason(journal: Journal) -> None:
    stack = Stack(
        [
            [journal.part("storage")],
            [journal.part("migrate", "raise SystemExit('no such table')", ends=True)],
            [journal.part("server", needs=("migrate",))],
        ]
    )
    with pytest.raises(ChildFailedError, match=r"migrate ended with exit code 1\.\nno such table"):
        stack.start()
    stack.stop()
    assert "server started" not in journal.entries


def test_a_part_that_dies_later_is_named_with_its_last_lines(journal: Journal) -> None:
    stack = Stack([[journal.part("mailer")]])
    stack.start()
    process = stack.part("mailer").process
    assert process is not None
    process.kill()
    with pytest.raises(ChildFailedError, match=r"mailer ended with signal 9\.\nstarted"):
        stack.raise_for_the_dead()
    stack.stop()


def test_parts_that_do_not_stop_are_killed_within_the_grace(journal: Journal) -> None:
    deaf = SERVICE.replace("signal.SIGTERM, stop", "signal.SIGTERM, signal.SIG_IGN")
    stack = Stack(
        [[journal.part("storage")], [journal.part("one", deaf), journal.part("two", deaf)]]
    )
    stack.start()
    stack.stop()
    assert journal.entries[-1] == "storage stopped"
    for name in ("one", "two"):
        process = stack.part(name).process
        assert process is not None
        assert process.exit_code == -9


def test_a_start_can_be_interrupted(journal: Journal) -> None:
    stack = Stack([[journal.part("slow", "import time; time.sleep(600)")]])
    with pytest.raises(StartInterruptedError):
        stack.start(interrupted=lambda: stack.part("slow").process is not None)
    stack.stop()
