"""The people of the tests, and what they do."""

from __future__ import annotations

from typing import Any, Self

from flask_openapi.openapi import OpenAPI
from werkzeug.test import TestResponse

PASSWORD = "correct-horse-battery"


class Browser:
    """Keeps cookies, and sends what a browser sends from our own pages."""

    def __init__(self, app: OpenAPI) -> None:
        self.app = app
        self.client = app.test_client()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self._send("DELETE", path, None, **options)

    def _send(self, method: str, path: str, body: Any, **options: Any) -> TestResponse:
        headers = {"Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self.client.open(path, method=method, headers=headers, **options)


class Person(Browser):
    """Somebody with a name, an address and a password, and a browser of their own."""

    def __init__(self, app: OpenAPI, name: str) -> None:
        super().__init__(app)
        self.username = name
        self.email = f"{name.lower()}@decoupled.dev"
        self.password = PASSWORD

    def register(self) -> Self:
        answer = self.post(
            "/auth/register",
            {"username": self.username, "password": self.password, "email": self.email},
        )
        assert answer.status_code == 201, answer.text
        return self

    def log_in(self) -> Self:
        answer = self.try_to_log_in(self.password)
        assert answer.status_code == 200, answer.text
        return self

    def try_to_log_in(self, password: str) -> TestResponse:
        return self.post("/auth/login", {"username": self.username, "password": password})

    def is_signed_in(self) -> bool:
        answer = self.get("/auth/session")
        assert answer.status_code in (200, 401), answer.text
        return answer.status_code == 200

    def in_another_browser(self) -> Self:
        """The same member, not signed in there."""
        other = type(self)(self.app, self.username)
        other.password = self.password
        return other

    @property
    def id(self) -> str:
        session: dict[str, str] = self.get("/auth/session").get_json()["data"]
        return session["id"]

    def write(self, title: str = "A title", content: str = "Some content") -> dict[str, Any]:
        """Returns the new post."""
        answer = self.post("/posts", {"title": title, "content": content})
        assert answer.status_code == 201, answer.text
        post: dict[str, Any] = answer.get_json()["data"]
        return post

    def follow(self, author: Person, mail: str = "immediate") -> None:
        answer = self.put(f"/users/{author.username}/follow", {"mail": mail})
        assert answer.status_code == 200, answer.text
