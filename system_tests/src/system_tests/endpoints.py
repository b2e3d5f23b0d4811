"""The specified endpoints, as a table for tests that hold for each of them."""

from collections.abc import Callable
from dataclasses import dataclass

from system_tests.members import new_member, unique_suffix


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that takes a JSON body."""

    name: str
    method: str
    path: str
    # Makes a body with all fields and no error in them.
    valid_body: Callable[[], dict[str, str]]
    # With that body, when nobody has asked for a reset code.
    status: int

    def __str__(self) -> str:
        return self.name


def _registration() -> dict[str, str]:
    member = new_member("endpoint")
    return {"username": member.username, "password": member.password, "email": member.email}


def _login() -> dict[str, str]:
    return {"username": f"nobody_{unique_suffix()}", "password": "correct-horse-battery"}


def _reset_request() -> dict[str, str]:
    return {"email": f"nobody_{unique_suffix()}@decoupled.dev"}


def _reset() -> dict[str, str]:
    return _reset_request() | {"token": "123456", "newPassword": "correct-horse-battery"}


def _post() -> dict[str, str]:
    return {"title": "Title", "content": "Content"}


ENDPOINTS = [
    Endpoint("register", "POST", "/auth/register", _registration, 201),
    Endpoint("login", "POST", "/auth/login", _login, 401),
    Endpoint("send-reset-token", "POST", "/auth/send-reset-token", _reset_request, 200),
    Endpoint("restart-password", "PUT", "/auth/restart-password", _reset, 422),
    Endpoint("posts", "POST", "/posts", _post, 201),
    Endpoint("messages", "POST", "/messages", _post, 201),
]
FIELDS = [(endpoint, field) for endpoint in ENDPOINTS for field in endpoint.valid_body()]
