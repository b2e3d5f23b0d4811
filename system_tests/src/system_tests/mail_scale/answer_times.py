"""How long mail programs and the mail provider wait for the API while a post is delivered."""

import time
import uuid
from collections.abc import Sequence
from threading import Event

import httpx
from backend_server.config import Secret
from backend_server.notifications.links import Subscription, unsubscribe_token

from system_tests.fake_resend.webhooks import event, signed
from system_tests.mail_house.house import House

SECONDS_BETWEEN_CALLS = 1.0
_ID = "select id from users where email = any(%s)"


class AnswerTimes:
    """Seconds until each answer, of unsubscribe links (M2) and webhooks (M7)."""

    def __init__(self, house: House, addresses: Sequence[str]) -> None:
        """Who has these addresses is no longer told of mentions."""
        self._url = house.url
        key = Secret(house.environment["LINK_KEY"])
        with house.connect() as connection:
            members = [member for (member,) in connection.execute(_ID, [list(addresses)])]
        self._tokens = [unsubscribe_token(key, Subscription(each, "mentions")) for each in members]
        self.unsubscribing: list[float] = []
        self.webhooks: list[float] = []

    def measure_until(self, done: Event) -> None:
        with httpx.Client(base_url=self._url) as http:
            for token in self._tokens:
                self.unsubscribing.append(
                    _seconds(
                        http,
                        f"/notifications/unsubscribe/{token}",
                        b"List-Unsubscribe=One-Click",
                        {"Content-Type": "application/x-www-form-urlencoded"},
                    )
                )
                body = event("email.delivered", str(uuid.uuid4()))
                headers = signed(body, uuid.uuid4().hex) | {"Content-Type": "application/json"}
                self.webhooks.append(_seconds(http, "/webhooks/resend", body, headers))
                if done.wait(SECONDS_BETWEEN_CALLS):
                    return


def _seconds(http: httpx.Client, path: str, body: bytes, headers: dict[str, str]) -> float:
    began = time.monotonic()
    http.post(path, content=body, headers=headers).raise_for_status()
    return time.monotonic() - began
