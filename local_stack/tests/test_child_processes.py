import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from local_stack.child_processes import ChildFailedError, ChildProcess
from local_stack.process_table import descendants, is_alive
from processes import wait_until, wait_until_gone

SLEEPER = ["sleep", "600"]
# Prints its pid, then starts a child that ends with it.
LAUNCHER = """
import signal, sys, time
# Ignored when a shell without job control runs the tests in the background.
signal.signal(signal.SIGINT, signal.SIG_DFL)
from local_stack.child_processes import ChildProcess
child = ChildProcess("child", {command!r})
child.start()
print(child.pid, flush=True)
time.sleep(600)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def started(command: list[str], **options: object) -> ChildProcess:
    process = ChildProcess("child", command, **options)  # type: ignore[arg-type]  # passed on
    process.start()
    return process


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_child_ends_with_its_launcher_whatever_that_ends_of(death: signal.Signals) -> None:
    with subprocess.Popen(
        python(LAUNCHER.format(command=SLEEPER)), stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout is not None
        child = int(launcher.stdout.readline())
        assert is_alive(child)
        launcher.send_signal(death)
    assert wait_until_gone([child]) == set()


def test_a_child_whose_launcher_ended_first_does_not_begin() -> None:
    become = Path(sys.modules[ChildProcess.__module__].__file__ or "").with_name("become.py")
    nobodys_parent = os.getpid() + 1
    answer = subprocess.run(
        [sys.executable, become, str(nobodys_parent), str(int(signal.SIGTERM)), "-", *SLEEPER],
        check=False,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1
    assert "The parent ended" in answer.stderr


def test_a_program_that_is_not_there_is_named() -> None:
    process = started(["no-such-program"])
    with pytest.raises(ChildFailedError, match="no-such-program: No such file or directory"):
        process.wait_for_success(seconds=10)


def test_every_line_of_both_outputs_reaches_the_output_function() -> None:
    lines: list[str] = []
    process = started(
        python("import sys; print('one'); print('two', file=sys.stderr)"), output=lines.append
    )
    process.wait_for_success(seconds=10)
    assert sorted(lines) == ["one", "two"]


def test_the_obituary_names_the_cause_and_the_last_lines() -> None:
    process = started(python("print('the reason'); raise SystemExit(3)"))
    with pytest.raises(ChildFailedError, match=r"child ended with exit code 3\.\nthe reason"):
        process.wait_for_success(seconds=10)


def test_a_child_that_ignores_the_stop_signal_is_killed() -> None:
    process = started(
        python("import signal, time; signal.signal(15, signal.SIG_IGN); print(); time.sleep(600)")
    )
    wait_until(lambda: len(process.last_lines) > 0)
    process.stop(seconds=0.2)
    assert process.exit_code == -signal.SIGKILL


def test_a_stopped_child_leaves_no_grandchild_behind() -> None:
    process = started(python("import subprocess; subprocess.run(['sleep', '600'])"))
    wait_until(lambda: len(descendants(process.pid)) > 0)
    family = descendants(process.pid)
    process.stop()
    assert wait_until_gone(family) == set()


def test_a_broken_pipe_ends_a_child_as_it_would_in_a_shell() -> None:
    process = started(["sh", "-c", "yes | head -n 1; exit ${PIPESTATUS:-0}"])
    process.wait_for_success(seconds=10)
    assert list(process.last_lines) == ["y"]


def test_a_condition_that_never_holds_is_given_up() -> None:
    process = started(SLEEPER)
    with pytest.raises(ChildFailedError, match="child was not ready after"):
        process.wait_until(lambda: False, seconds=0.1)
    process.kill()
