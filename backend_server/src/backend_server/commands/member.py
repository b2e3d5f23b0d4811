"""What an operator does with one member."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final
from uuid import UUID

from backend_server.accounts.model import RESET_CODE_LIFETIME
from backend_server.accounts.use_cases.confirm_by_operator import confirm_by_operator
from backend_server.accounts.use_cases.issue_reset_code import issue_reset_code
from backend_server.accounts.use_cases.suspend_member import reinstate_member, suspend_member
from backend_server.commands.operation import find_member, operating, say

if TYPE_CHECKING:
    from backend_server.services import Services


def run(arguments: argparse.Namespace) -> None:
    with operating() as services:
        act = _ACTIONS[arguments.action]
        say(act(services, find_member(services, arguments.username), arguments.username))


def _issue_reset_code(services: Services, user_id: UUID, username: str) -> str:
    code = issue_reset_code(services, user_id)
    minutes = int(RESET_CODE_LIFETIME.total_seconds() // 60)
    return f"{code} resets the password of {username}, once, for {minutes} minutes."


def _confirm(services: Services, user_id: UUID, username: str) -> str:
    email = confirm_by_operator(services, user_id)
    return f"{email} is confirmed as the address of {username}."


def _suspend(services: Services, user_id: UUID, username: str) -> str:
    if suspend_member(services, user_id):
        return f"{username} is suspended: signed out everywhere, and all posts are hidden."
    return f"{username} was suspended already."


def _reinstate(services: Services, user_id: UUID, username: str) -> str:
    if reinstate_member(services, user_id):
        return f"{username} is back, with all posts."
    return f"{username} was not suspended."


_ACTIONS: Final = {
    "reset-code": _issue_reset_code,
    "confirm": _confirm,
    "suspend": _suspend,
    "reinstate": _reinstate,
}
