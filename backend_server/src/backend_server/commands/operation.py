"""What the operator's commands have in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from backend_server.accounts import members
from backend_server.app import create_services
from backend_server.commands.exits import FAILED, fail
from backend_server.config import Settings
from backend_server.errors import PartUnavailable

if TYPE_CHECKING:
    from backend_server.services import Services

__all__ = ["FAILED", "fail", "find_member", "operating", "say"]


@contextmanager
def operating() -> Iterator[Services]:
    """Those of the running deployment, by its settings."""
    services = create_services(Settings.from_environment(os.environ))
    try:
        yield services
    except PartUnavailable as error:
        fail(f"{error.part} does not answer.")
    finally:
        services.close()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def find_member(services: Services, username: str) -> UUID:
    with services.database.reading() as connection:
        user_id = members.find_id(connection, username)
    if user_id is None:
        fail(f"There is no member called {username}.")
    return user_id
