"""Session tokens as those see them who try something with one."""

from __future__ import annotations

from typing import Any

import jwt
from backend_people import Browser, Person
from backend_settings import ENVIRONMENT
from flask_openapi.openapi import OpenAPI


def token_of(person: Person) -> str:
    cookie = person.client.get_cookie("session")
    assert cookie
    return cookie.value


def status_with(app: OpenAPI, token: str) -> int:
    browser = Browser(app)
    browser.client.set_cookie("session", token)
    return browser.get("/auth/session").status_code


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def forge(claims: dict[str, Any], key: str = ENVIRONMENT["SESSION_KEY"], **header: str) -> str:
    return jwt.encode(claims, key, algorithm="HS256", headers=header or None)
