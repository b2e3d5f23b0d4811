"""A new password is none that is tried first, where the operator asks for that."""

from __future__ import annotations

from backend_server.accounts import guessable_passwords
from backend_server.errors import FieldErrors
from backend_server.services import Services


def refuse_guessable(services: Services, password: str, *known_words: str, field: str) -> None:
    """Raises `FieldErrors` for the field. Off by default: the specification's example is one."""
    if services.settings.refuse_common_passwords:
        problem = guessable_passwords.problem_with(password, known_words)
        if problem:
            raise FieldErrors(fields={field: [problem]})
