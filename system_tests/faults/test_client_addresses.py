"""Limits count whom the proxy saw, not whom a browser claims to be. Bar S8."""

import httpx
import psycopg
from system_tests.stack import StackUnderTest

BROWSER = "127.0.0.2"


def test_through_the_web_server_it_is_the_browsers_address(
    stack: StackUnderTest, database: psycopg.Connection
) -> None:
    database.execute("delete from reset_attempts")
    transport = httpx.HTTPTransport(local_address=BROWSER)
    api = stack.api_url.replace("localhost", "127.0.0.1")
    with httpx.Client(transport=transport, timeout=30.0) as client:
        answer = client.put(
            f"{api}/auth/restart-password",
            json={"email": "x@decoupled.dev", "token": "123456", "newPassword": "12345678"},
            headers={"X-Forwarded-For": "6.6.6.6, 127.0.0.1"},
        )
    assert answer.status_code == 422, answer.text
    networks = database.execute("select client_network::text from reset_attempts").fetchall()
    assert networks == [(f"{BROWSER}/32",)]
