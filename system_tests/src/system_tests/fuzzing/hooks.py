"""What Schemathesis has to know of the API beyond its description; it loads this module by name.

The address of the API comes in the variable FUZZED_API_URL.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import schemathesis
from hypothesis import strategies
from schemathesis import AuthContext, HookContext

from system_tests.person import Person

if TYPE_CHECKING:
    Case = schemathesis.Case[Any]

# After these the session is gone, or is that of somebody who may do no more.
ENDING = frozenset(
    {"log_out", "end_session", "end_other_sessions", "change_password", "delete_own_account"}
)
# What one path means depends on what stands in it: `/posts/{id}` with something else is
# `/posts/{username}`, and the other way round. OpenAPI cannot say so.
BY_ID = frozenset({"show_post", "edit_post", "delete_post"})
# One that is taken. Others stay as they were made up, to be refused.
KEY = re.compile(r"[!-~]{1,255}")
BY_USERNAME = "list_posts_by_author"
# The description's own name for them; JSON Schema has none.
TIME_ZONES = (
    "UTC",
    "Europe/Madrid",
    "Asia/Kathmandu",
    "America/Argentina/Buenos_Aires",
    "Etc/GMT+12",
)
schemathesis.openapi.format("iana-time-zone", strategies.sampled_from(TIME_ZONES))

# Cookie of whoever is signed in now, by its name.
_cookies: dict[str, str] = {}


@schemathesis.auth(refresh_interval=None)
class SomebodyNew:
    """Signs up a new member whenever the last one has no session any more."""

    def get(self, _case: Case, _context: AuthContext) -> dict[str, str]:
        if not _cookies:
            person = Person.signed_in(os.environ["FUZZED_API_URL"], "fuzzer")
            _cookies.update(person.http.cookies)
        return _cookies

    def set(self, case: Case, data: dict[str, str], _context: AuthContext) -> None:
        case.cookies = {**(case.cookies or {}), **data}


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _options: dict[str, Any], /) -> None:
    """A key that comes again gets the first answer, about a post that may be gone since."""
    headers: MutableMapping[str, Any] = case.headers or {}
    if KEY.fullmatch(str(headers.get("Idempotency-Key", ""))):
        headers["Idempotency-Key"] = secrets.token_hex(16)


@schemathesis.hook
def after_call(_context: HookContext, case: Case, response: Any, /) -> None:
    if response.status_code < 300 and _operation_id(case) in ENDING:
        _cookies.clear()


@schemathesis.hook
def filter_case(_context: HookContext, case: Case, /) -> bool:
    """Only what is about the operation that it says it is about."""
    parameters = case.path_parameters or {}
    operation = _operation_id(case)
    if operation in BY_ID:
        return _is_uuid(parameters.get("id"))
    if operation == BY_USERNAME:
        return not _is_uuid(parameters.get("username"))
    return True


def _operation_id(case: Case) -> str:
    return str(case.operation.definition.raw.get("operationId"))


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
