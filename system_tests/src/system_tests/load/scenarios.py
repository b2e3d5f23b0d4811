"""What is asked of the two servers."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from system_tests.answers import assert_succeeded
from system_tests.load.autocannon import Request
from system_tests.load.servers import PEER_KEY
from system_tests.members import Member
from system_tests.person import Person

POST = json.dumps(
    {"title": "My new post", "content": "Detailed information about a topic. " * 6},
)


@dataclass(frozen=True)
class Scenario:
    """One row of the report; without a peer, a row of ours alone."""

    name: str
    ours: Request
    peer: Request | None


def scenarios(
    our_url: str, peer_url: str, peer_author: uuid.UUID, writer: Member
) -> list[Scenario]:
    our_cookie = _our_cookie(our_url, writer)
    ours = _signing_in(our_url, writer.username, writer.password)
    return [
        Scenario("constant answer", Request(f"{our_url}/health/live"), None),
        Scenario("GET /posts", Request(f"{our_url}/posts"), Request(f"{peer_url}/posts")),
        Scenario(
            "POST /posts",
            _posting(our_url, our_cookie),
            _posting(peer_url, _peer_cookie(peer_author)),
        ),
        Scenario("sign in, equally", ours, _signing_in(peer_url, "equal", writer.password)),
        Scenario("sign in, defaults", ours, _signing_in(peer_url, "default", writer.password)),
    ]


def _signing_in(url: str, username: str, password: str) -> Request:
    body = json.dumps({"username": username, "password": password})
    return Request(f"{url}/auth/login", "POST", {"Content-Type": "application/json"}, body)


def _posting(url: str, cookie: str) -> Request:
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    return Request(f"{url}/posts", "POST", headers, POST)


def _our_cookie(url: str, member: Member) -> str:
    with Person(url, member) as writer:
        assert_succeeded(writer.register(member), 201, "User registered successfully!")
        writer.sign_in()
        (cookie,) = writer.http.cookies.jar
    return f"{cookie.name}={cookie.value}"


def _peer_cookie(author: uuid.UUID) -> str:
    claims = {"sub": str(author), "exp": datetime.now(UTC) + timedelta(hours=1)}
    return f"session={jwt.encode(claims, PEER_KEY, algorithm='HS256')}"
