"""A part of the system: how it starts, what it waits for, how it shows that it is ready."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from local_stack.addresses import Address
from local_stack.child_processes import ChildProcess
from local_stack.ports import is_listening

ANSWER_SECONDS = 2.0

Readiness = Callable[[ChildProcess], bool]


@dataclass
class Part:
    name: str
    launch: Callable[[], ChildProcess]
    is_ready: Readiness
    # These must be ready before this one starts; one that does not run here does not count.
    needs: tuple[str, ...] = ()
    # Does its work and ends, like a migration.
    ends: bool = False
    process: ChildProcess | None = field(default=None, init=False)


def is_running(process: ChildProcess) -> bool:
    return process.running


def has_succeeded(process: ChildProcess) -> bool:
    return process.exit_code == 0


def listens_on(address: Address) -> Readiness:
    reachable = address.to_connect_to()
    return lambda _: is_listening(reachable.host, reachable.port)


def answers(address: Address, path: str) -> Readiness:
    """Ready when a GET of `path` is answered with 200."""
    reachable = address.to_connect_to()

    def is_ready(_: ChildProcess) -> bool:
        connection = http.client.HTTPConnection(
            reachable.host, reachable.port, timeout=ANSWER_SECONDS
        )
        try:
            connection.request("GET", path)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return is_ready
