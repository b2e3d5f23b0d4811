"""What is wrong with a field, in words that never repeat the input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

from backend_server.errors import FieldErrors

UNKNOWN_FIELD: Final = "There is a field that does not belong here."
NOT_VALID: Final = "This is not valid."
_WHOLE_NUMBER: Final = "This must be a whole number."
_MESSAGES: Final[Mapping[str, str]] = {
    "missing": "This is required.",
    "string_type": "This must be text.",
    "string_unicode": "This is not valid Unicode.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This must have at most {max_length} characters.",
    "literal_error": "This must be {expected}.",
    "bool_type": "This must be true or false.",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "greater_than_equal": "This must be {ge} or more.",
    "less_than_equal": "This must be {le} or less.",
    "uuid_parsing": "This must be an id.",
}
_OF_PYDANTIC: Final = frozenset(get_args(ErrorType))


def field_errors(error: ValidationError) -> FieldErrors:
    fields = defaultdict[str, list[str]](list)
    for details in error.errors(include_url=False, include_input=False):
        if details["type"] == "extra_forbidden":
            # Its name is input too.
            fields["body"] = [UNKNOWN_FIELD]
        else:
            fields[str(details["loc"][0] if details["loc"] else "body")].append(_message(details))
    return FieldErrors(fields=fields)


def _message(details: Mapping[str, Any]) -> str:
    if details["type"] in _MESSAGES:
        return _MESSAGES[details["type"]].format(**details.get("ctx", {}))
    # Errors of our own types come with our own words.
    return NOT_VALID if details["type"] in _OF_PYDANTIC else str(details["msg"])
