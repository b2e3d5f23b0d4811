"""What a session's token is worth, whoever made it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from backend_people import Person
from backend_settings import ENVIRONMENT
from flask_openapi.openapi import OpenAPI
from session_tokens import claims_of, forge, status_with, token_of

from backend_server.app import create_app
from backend_server.config import Keys, Secret, Settings
from backend_server.sessions.tokens import id_of


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(each).encode()) for each in parts)
    return b".".join(each.rstrip(b"=") for each in encoded).decode() + "."


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "somebody-else"},
        {"typ": "unsubscribe"},
        {"exp": 1},
        {"sid": "another-session-id-that-is-long-enough"},
        {"sub": "01920000-0000-7000-8000-000000000000"},
        {"sub": "not-a-uuid"},
        {"sid": 5},
        {"iat": 99_999_999_999},
    ],
)
def test_a_token_with_another_claim_is_worth_nothing(
    app: OpenAPI, alice: Person, change: dict[str, Any]
) -> None:
    claims = claims_of(token_of(alice))
    assert status_with(app, forge(claims)) == 200
    assert status_with(app, forge({**claims, **change})) == 401


@pytest.mark.parametrize("claim", ["sub", "sid", "iat", "exp", "aud", "typ"])
def test_a_token_without_a_claim_is_worth_nothing(app: OpenAPI, alice: Person, claim: str) -> None:
    claims = claims_of(token_of(alice))
    del claims[claim]
    assert status_with(app, forge(claims)) == 401


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256"])
def test_a_token_that_names_another_algorithm_is_worth_nothing(
    app: OpenAPI, alice: Person, algorithm: str
) -> None:
    """Whether it is signed with our key as if it were of ours, or not at all. RFC 8725, 3.1."""
    head, body, signature = token_of(alice).split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    other_head = header.rstrip(b"=").decode()
    assert status_with(app, f"{head}.{body}.{signature}") == 200
    key = ENVIRONMENT["SESSION_KEY"].encode()
    ours = hmac.digest(key, f"{other_head}.{body}".encode(), hashlib.sha256)
    signed = base64.urlsafe_b64encode(ours).rstrip(b"=").decode()
    for each in (signed, signature, ""):
        assert status_with(app, f"{other_head}.{body}.{each}") == 401


def test_who_signed_in_before_the_key_was_changed_stays_signed_in(
    app: OpenAPI, settings: Settings, alice: Person
) -> None:
    newer = Secret("a newer key for sessions in tests, for nothing else")
    old_token = token_of(alice)
    rotated = create_app(
        replace(settings, session_key=Keys(newer, older=settings.session_key.each))
    )
    retired = create_app(replace(settings, session_key=Keys(newer)))
    try:
        for token in (old_token, forge(claims_of(old_token))):
            assert status_with(rotated, token) == 200
            assert status_with(retired, token) == 401
        phone = Person(rotated, "Alice")
        phone.log_in()
        assert jwt.get_unverified_header(token_of(phone))["kid"] == id_of(newer)
        assert status_with(app, token_of(phone)) == 401
        assert status_with(retired, token_of(phone)) == 200
    finally:
        for each in (rotated, retired):
            each.extensions["services"].close()


@pytest.mark.parametrize("header", ["jwk", "jku", "x5u", "kid"])
def test_a_token_cannot_bring_its_own_key(app: OpenAPI, alice: Person, header: str) -> None:
    own_key = "a key of somebody else, of more than thirty-two bytes"
    claims = claims_of(token_of(alice))
    value = {"jwk": own_key, "jku": "https://evil.example/keys", "x5u": "/dev/null"}.get(header)
    assert status_with(app, forge(claims, own_key, **{header: value or "../../dev/null"})) == 401


def test_a_token_with_another_signature_or_none_is_worth_nothing(
    app: OpenAPI, alice: Person
) -> None:
    token = token_of(alice)
    claims = claims_of(token)
    assert status_with(app, unsigned(claims)) == 401
    assert status_with(app, forge(claims, ENVIRONMENT["LINK_KEY"])) == 401
    assert status_with(app, jwt.encode(claims, ENVIRONMENT["SESSION_KEY"] * 2, "HS512")) == 401
    head, body, signature = token.split(".")
    assert status_with(app, f"{head}.{body}.{signature[::-1]}") == 401
    assert status_with(app, f"{head}.{body}.") == 401
    assert status_with(app, "not a token") == 401
