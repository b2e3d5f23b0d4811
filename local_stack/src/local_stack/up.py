"""`python -m local_stack up`: the whole system in this terminal, until Ctrl-C."""

import os
import signal
import sys
import time
from types import FrameType

from local_stack.addresses import SettingError
from local_stack.become import die_with_parent
from local_stack.child_processes import ChildFailedError
from local_stack.console import Console
from local_stack.required_ports import require_free_ports
from local_stack.running_file import forget_an_earlier_run, running_file
from local_stack.settings import Settings, read_settings
from local_stack.stack import Stack, StartInterruptedError
from local_stack.state_lock import state_lock
from local_stack.wiring import Wiring, wire

WATCH_SECONDS = 0.2


def up(*, end_with_parent: bool = False) -> int:
    """The exit code: 0 when asked to stop, 1 when a part failed, 2 when a setting is wrong."""
    if end_with_parent:
        die_with_parent(os.getppid(), signal.SIGTERM)
    console = Console(sys.stdout)
    try:
        settings = read_settings()
        with state_lock(settings.state_folder):
            require_free_ports(settings.ports())
            return _run(settings, console)
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2


def running_facts(wiring: Wiring) -> dict[str, object]:
    settings = wiring.settings
    return {
        "web_url": settings.public_url,
        "backend_url": f"http://{settings.backend}",
        "inbox_url": None if settings.sends_real_mail else f"http://{settings.inbox}",
        "database_url": wiring.computed["DATABASE_URL"],
        "redis_url": wiring.computed["REDIS_URL"],
        "launcher": os.getpid(),
        "processes": {
            part.name: part.process.pid
            for part in wiring.stack.parts()
            if part.process is not None and part.process.running
        },
    }


class _StopRequests:
    """The first Ctrl-C or SIGTERM asks for an orderly stop, the second for an immediate one."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.made = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._receive)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        if self.made:
            self._stack.kill()
        self.made = True


def _run(settings: Settings, console: Console) -> int:
    forget_an_earlier_run(settings.state_folder)
    begin = time.monotonic()
    wiring = wire(settings, console.line)
    stack = wiring.stack
    stop_requests = _StopRequests(stack)
    try:
        stack.start(lambda: stop_requests.made)
        with running_file(settings.state_folder, running_facts(wiring)):
            _welcome(settings, console, time.monotonic() - begin)
            while not stop_requests.made:
                stack.raise_for_the_dead()
                time.sleep(WATCH_SECONDS)
    except StartInterruptedError:
        return 0
    except ChildFailedError as error:
        console.say(f"{error}\nNothing runs without it.")
        return 1
    finally:
        console.say("Stopping.")
        stack.stop()
        console.say("Stopped.")
    return 0


def _welcome(settings: Settings, console: Console, seconds: float) -> None:
    inbox = f"http://localhost:{settings.inbox.port}"
    if settings.sends_real_mail:
        inbox = "leave through Resend"
    console.say(f"""\
Decoupled is ready after {seconds:.1f} s.

  Open       {settings.public_url}
  Its mails  {inbox}
  Its API    http://localhost:{settings.backend.port}/docs

  Fill it with people and posts: make demo, in another terminal.
  Stop it: Ctrl-C. What was written stays in {settings.state_folder}.
""")
