"""Reads single settings out of environment variables, and names the variable when one is wrong."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")
Parse = Callable[[str], Value]


class SettingError(Exception):
    """A setting is missing or cannot be used."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}")


class Environment:
    """A `parse` function raises ValueError to say what the text must be."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def parsed(self, variable: str, parse: Parse[Value], default: str | None = None) -> Value:
        text = self._text(variable) or default
        if text is None:
            raise SettingError(variable, "is missing")
        return _parsed(variable, text, parse)

    def optional(self, variable: str, parse: Parse[Value]) -> Value | None:
        text = self._text(variable)
        return None if text is None else _parsed(variable, text, parse)

    def secret(self, variable: str, parse: Parse[Value]) -> Value:
        value = self.optional_secret(variable, parse)
        if value is None:
            raise SettingError(variable, f"is missing (or name a file in {variable}_FILE)")
        return value

    def optional_secret(self, variable: str, parse: Parse[Value]) -> Value | None:
        """Read from the file that `<variable>_FILE` names, when that is set."""
        text, file_variable = self._text(variable), f"{variable}_FILE"
        file_name = self._text(file_variable)
        if file_name is None:
            return None if text is None else _parsed(variable, text, parse)
        if text is not None:
            raise SettingError(file_variable, f"is set as well as {variable}: choose one")
        content = _content(file_variable, file_name)
        return _parsed(file_variable, content, parse) if content else None

    def _text(self, variable: str) -> str | None:
        # An empty variable or file counts as missing: Compose cannot leave one out.
        return self._variables.get(variable, "").strip() or None


def _content(variable: str, file_name: str) -> str:
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(variable, f"names a file that cannot be read: {error}") from error


def _parsed(variable: str, text: str, parse: Parse[Value]) -> Value:
    try:
        return parse(text)
    except ValueError as error:
        raise SettingError(variable, str(error)) from error
