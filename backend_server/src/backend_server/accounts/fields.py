"""Fields of requests that can only be made of valid values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from backend_server.accounts import email_addresses, passwords, usernames
from backend_server.request_models import Text

# Nothing longer is anybody's; it is not worth a hash.
LONGEST_CREDENTIAL: Final = 1024


def _checked(problem_with: Callable[[str], str | None]) -> AfterValidator:
    def check(text: str) -> str:
        problem = problem_with(text)
        if problem:
            # In braces it would be a template.
            raise PydanticCustomError("not_acceptable", "{problem}", {"problem": problem})
        return text

    return AfterValidator(check)


def _email_address(text: str) -> str:
    address = email_addresses.normalised(text)
    if address is None:
        raise PydanticCustomError("not_an_email_address", "This is not an email address.")
    return address


Username = Annotated[
    Text,
    Field(json_schema_extra={"minLength": 1, "maxLength": usernames.LONGEST}),
    _checked(usernames.problem_with),
]
NewPassword = Annotated[
    Text,
    Field(
        json_schema_extra={
            "minLength": passwords.SHORTEST,
            "maxLength": passwords.LONGEST,
            "format": "password",
        }
    ),
    _checked(passwords.problem_with),
]
# In its normalised form.
EmailAddress = Annotated[
    Text,
    Field(json_schema_extra={"maxLength": email_addresses.LONGEST, "format": "email"}),
    AfterValidator(_email_address),
]
