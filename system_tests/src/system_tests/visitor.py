"""Somebody at the other end of the API, with a cookie jar of their own."""

from types import TracebackType
from typing import Any, Self

import httpx

from system_tests.members import Member

# Seconds for one answer: generous, because a slow machine is no failure of the system.
REQUEST_SECONDS = 30.0


class Visitor:
    """Sends requests as a script would: JSON in, JSON out, cookies kept, redirects not followed."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=REQUEST_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.http.close()

    def get(self, path: str, **query: str | int) -> httpx.Response:
        return self.http.get(path, params=query or None)

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Sends `body` as JSON; None sends an empty object, since unsafe methods take JSON only."""
        return self.http.request(method, path, json={} if body is None else body)

    def send_raw(
        self, method: str, path: str, body: bytes, content_type: str | None = "application/json"
    ) -> httpx.Response:
        """Sends bytes as they are, for bodies that no JSON library would write."""
        headers = {} if content_type is None else {"Content-Type": content_type}
        return self.http.request(method, path, content=body, headers=headers)

    def register(self, member: Member) -> httpx.Response:
        return self.send(
            "POST",
            "/auth/register",
            {"username": member.username, "password": member.password, "email": member.email},
        )

    def login(self, member: Member) -> httpx.Response:
        return self.send(
            "POST", "/auth/login", {"username": member.username, "password": member.password}
        )

    def send_reset_token(self, email: str) -> httpx.Response:
        return self.send("POST", "/auth/send-reset-token", {"email": email})

    def restart_password(self, email: str, token: str, new_password: str) -> httpx.Response:
        return self.send(
            "PUT",
            "/auth/restart-password",
            {"email": email, "token": token, "newPassword": new_password},
        )

    def post_message(self, title: str, content: str = "Written by a test.") -> httpx.Response:
        return self.send("POST", "/posts", {"title": title, "content": content})

    def is_signed_in(self) -> bool:
        return self.get("/auth/session").status_code == httpx.codes.OK
