"""The fake as a whole: its addresses, and the same for tests in its own process."""

import json
from dataclasses import asdict
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from system_tests.fake_resend.http_server import HttpServer, Request
from system_tests.fake_resend.ledger import AcceptedMail, Call
from system_tests.fake_resend.mail_rules import get_ready
from system_tests.fake_resend.misbehaviour import Order
from system_tests.fake_resend.reply import Reply, error_reply, json_reply
from system_tests.fake_resend.sending_calls import SendingCalls

API_KEY = "re_fake_key_for_tests"
CALLS_PER_SECOND = 2

NOT_FOUND = error_reply(404, "not_found", "The requested endpoint does not exist.")


class FakeResend:
    def __init__(self, port: int = 0, calls_per_second: int = CALLS_PER_SECOND) -> None:
        get_ready()
        self._calls = SendingCalls(API_KEY, calls_per_second)
        self._server = HttpServer(port, self._answer)
        self.url = self._server.url
        # What the account has: items as in Resend's own lists. None: the key may only send.
        self.domains: list[dict[str, Any]] | None = []
        self.webhooks: list[dict[str, Any]] = []
        # Headers that go with its lists.
        self.quotas: dict[str, str] = {}

    def __enter__(self) -> "FakeResend":
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()

    def misbehave(self, *orders: Order) -> None:
        """`fake.misbehave({"answer": "slow", "seconds": 2})`: see misbehaviour.py."""
        self._calls.misbehave(orders)

    def behave(self) -> None:
        """From now on, whatever was still to come."""
        self._calls.behave()

    def accepted(self) -> list[AcceptedMail]:
        return self._calls.accepted()

    def accepted_by(self, recipient: str) -> list[AcceptedMail]:
        return self._calls.accepted_by(recipient)

    def in_progress(self) -> int:
        """Calls that are being worked on, slowly."""
        return self._calls.in_progress()

    def calls(self) -> list[Call]:
        return self._calls.received()

    def _answer(self, request: Request) -> Reply:
        match request.method, urlsplit(request.path).path:
            case "POST", "/emails" | "/emails/batch":
                return self._calls.answer(request)
            case "GET", "/domains" | "/webhooks":
                return self._list(request)
            case "POST", "/_control":
                return self._control(request.body)
            case "GET", "/_accepted":
                return self._accepted(request)
            case "GET", "/_in_progress":
                return json_reply(200, {"data": self.in_progress()})
            case "GET", "/_calls":
                return json_reply(200, {"data": [_as_json(call) for call in self.calls()]})
            case _:
                return NOT_FOUND

    def _accepted(self, request: Request) -> Reply:
        """All, or those of `?recipient=`."""
        wanted = parse_qs(urlsplit(request.path).query).get("recipient")
        mails = self.accepted_by(wanted[0]) if wanted else self.accepted()
        return json_reply(200, {"data": [asdict(mail) for mail in mails]})

    def _list(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {API_KEY}":
            return error_reply(401, "invalid_api_key", "API key is invalid.")
        if self.domains is None:
            return error_reply(401, "restricted_api_key", "This API key may only send emails.")
        items = self.domains if request.path == "/domains" else self.webhooks
        content = {"object": "list", "has_more": False, "data": items}
        return json_reply(200, content, self.quotas)

    def _control(self, body: bytes) -> Reply:
        """Body: `{"answers": [{"answer": "html"}, …]}`, added to what is to come.

        With `"behave": true` in it, what was to come is forgotten first.
        """
        try:
            content = json.loads(body)
            if content.get("behave"):
                self.behave()
            self.misbehave(*content["answers"])
        except (AttributeError, ValueError, KeyError, TypeError) as error:
            return error_reply(422, "validation_error", f"No such script: {error!r}")
        return json_reply(200, {})


def _as_json(call: Call) -> dict[str, Any]:
    return {"at": call.at, "key": call.key, "status": call.status, "body_sha256": call.body_sha256}
