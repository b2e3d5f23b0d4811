"""What a call that sends is put through, in order: API key, limit, script, idempotency, mails."""

import threading
import time
from collections.abc import Iterable
from dataclasses import replace

from system_tests.fake_resend.http_server import Request
from system_tests.fake_resend.idempotency import IdempotencyKeys
from system_tests.fake_resend.ledger import AcceptedMail, Call, Ledger
from system_tests.fake_resend.misbehaviour import Misbehaviour, Order, Script
from system_tests.fake_resend.rate_limit import RateLimit
from system_tests.fake_resend.reply import Reply, error_reply
from system_tests.fake_resend.sending import Mail, send_batch, send_one

NO_API_KEY = error_reply(401, "missing_api_key", "Missing API key in the authorization header.")
WRONG_API_KEY = error_reply(403, "invalid_api_key", "API key is invalid.")
TOO_MANY_CALLS = error_reply(429, "rate_limit_exceeded", "Too many requests.")


class SendingCalls:
    def __init__(self, api_key: str, calls_per_second: int) -> None:
        self._authorization = f"Bearer {api_key}"
        self._lock = threading.Lock()
        self._limit = RateLimit(calls_per_second)
        self._script = Script()
        self._keys = IdempotencyKeys()
        self._ledger = Ledger()

    def answer(self, request: Request) -> Reply:
        reply = self._reply(request)
        with self._lock:
            self._ledger.count_call(_key(request), request.body, reply.status)
        return reply

    def misbehave(self, orders: Iterable[Order]) -> None:
        with self._lock:
            self._script.add(orders)

    def behave(self) -> None:
        with self._lock:
            self._script = Script()

    def accepted(self) -> list[AcceptedMail]:
        with self._lock:
            return [replace(mail) for mail in self._ledger.mails.values()]

    def accepted_by(self, recipient: str) -> list[AcceptedMail]:
        with self._lock:
            return [replace(mail) for mail in self._ledger.of_recipient[recipient]]

    def in_progress(self) -> int:
        with self._lock:
            return self._keys.in_progress()

    def received(self) -> list[Call]:
        with self._lock:
            return list(self._ledger.calls)

    def _reply(self, request: Request) -> Reply:
        authorization = request.headers.get("authorization")
        if authorization != self._authorization:
            return WRONG_API_KEY if authorization else NO_API_KEY
        with self._lock:
            limit_headers = self._limit.count_call()
            if "retry-after" in limit_headers:
                return replace(TOO_MANY_CALLS, headers=limit_headers)
            misbehaviour = self._script.next()
        reply = misbehaviour.instead or self._send_once(request, misbehaviour)
        return replace(reply, headers={**limit_headers, **reply.headers})

    def _send_once(self, request: Request, misbehaviour: Misbehaviour) -> Reply:
        key = _key(request)
        with self._lock:
            earlier = self._keys.reply_for(key, request.body)
            if earlier:
                return earlier
            self._keys.start(key)
        time.sleep(misbehaviour.work_seconds)
        with self._lock:
            reply = self._send(request)
            self._keys.finish(key, request.body, reply)
        return replace(reply, ending=misbehaviour.ending)

    def _send(self, request: Request) -> Reply:
        def accept(mail: Mail) -> str:
            return self._ledger.accept(_key(request), mail)

        if request.path == "/emails":
            return send_one(request.body, accept)
        permissive = request.headers.get("x-batch-validation") == "permissive"
        return send_batch(request.body, permissive, accept)


def _key(request: Request) -> str:
    # Resend sends without a key too; nothing here should ever try.
    return request.headers.get("idempotency-key", "")
