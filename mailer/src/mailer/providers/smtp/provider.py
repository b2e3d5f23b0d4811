"""Sends mails one after the other to a mail server."""

import smtplib
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from mailer.addresses import bare_address
from mailer.events import NoWebhookError, Webhook
from mailer.mail import Accepted, Mail, Outcome, Purpose, Refused, mail_id
from mailer.message_file import message_bytes
from mailer.providers.pace import Pace
from mailer.providers.port import DnsNames, ProviderError, Trouble
from mailer.providers.smtp.journal import Journal
from mailer.providers.smtp.submission import SubmissionServer
from mailer.setup.findings import Finding, failure, ok, warning
from mailer.setup.sender_records import domain_of

# When the server says "not now": greylisting lasts about as long.
RETRY_SECONDS = 60.0


class SmtpProvider:
    """What the server took is written down before the next mail, so a repeated call skips it.

    Between the server's answer and that line, a crash can send one mail twice: SMTP has no better.
    """

    def __init__(self, server: SubmissionServer, journal: Journal, pace: Pace) -> None:
        self._server = server
        self._journal = journal
        self._pace = pace
        self._keys_under_way: set[str] = set()
        self._lock = threading.Lock()

    def send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        with self._alone_with(idempotency_key):
            return self._send(idempotency_key, mails)

    def read_webhook(self, _body: bytes, _headers: Mapping[str, str], /) -> Webhook:
        raise NoWebhookError("a mail server calls no webhook")

    def check_setup(self, _sender_domains: Sequence[str], /) -> list[Finding]:
        subject = f"mail server {self._server.host}"
        try:
            with self._server.connect() as connection:
                connection.noop()
        except smtplib.SMTPAuthenticationError:
            return [failure(subject, "it refuses the sign-in", "set SMTP_URL rightly")]
        except OSError as error:
            advice = "see whether it runs and SMTP_URL names it"
            return [failure(subject, f"no connection: {type(error).__name__}", advice)]
        advice = "use a provider with webhooks to learn of bounces and complaints"
        return [ok(subject, "takes mail"), warning(subject, "it reports no bounces", advice)]

    def dns_names(self, domain: str) -> DnsNames | None:
        # The selector of the key is the mail server's own affair.
        return DnsNames(return_path=domain, dkim_key=None)

    def close(self) -> None:
        self._journal.close()

    @contextmanager
    def _alone_with(self, idempotency_key: str) -> Iterator[None]:
        """Two calls with one key would both find the journal empty."""
        with self._lock:
            if idempotency_key in self._keys_under_way:
                raise ProviderError(Trouble.UNAVAILABLE, "a call with this key is under way")
            self._keys_under_way.add(idempotency_key)
        try:
            yield
        finally:
            with self._lock:
                self._keys_under_way.remove(idempotency_key)

    def _send(self, idempotency_key: str, mails: Sequence[Mail]) -> list[Outcome]:
        try:
            with self._server.connect() as connection:
                return [self._send_once(connection, idempotency_key, mail) for mail in mails]
        except smtplib.SMTPAuthenticationError as error:
            reason = f"the mail server refuses the sign-in: {error.smtp_code}"
            raise ProviderError(Trouble.DEPLOYMENT_REFUSED, reason) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPResponseException) as error:
            raise _trouble(error.smtp_code) from error
        except (OSError, sqlite3.Error) as error:
            reason = f"the mail server did not answer: {type(error).__name__}"
            raise ProviderError(Trouble.UNAVAILABLE, reason) from error

    def _send_once(self, connection: smtplib.SMTP, idempotency_key: str, mail: Mail) -> Outcome:
        accepted = Accepted(mail_id(idempotency_key, mail.address))
        if self._journal.has(accepted.id):
            return accepted
        self._pace.wait_for_turn(urgent=mail.purpose is Purpose.ACCOUNT)
        message_id = f"<{accepted.id}@{domain_of(mail.sender)}>"
        content = message_bytes(mail, datetime.now(UTC), {"Message-ID": message_id})
        options = [] if mail.address.isascii() else ["SMTPUTF8"]
        try:
            connection.sendmail(bare_address(mail.sender), [mail.address], content, options)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[mail.address]
            if code < 500:
                raise _trouble(code) from error
            return Refused(f"{code} {words.decode(errors='replace')}"[:500])
        self._journal.add(accepted.id)
        return accepted


def _trouble(code: int) -> ProviderError:
    """RFC 5321, section 4.2.1: 4 is for now, 5 for good."""
    reason = f"the mail server answered {code}"
    if code < 500:
        return ProviderError(Trouble.LIMITED, reason, RETRY_SECONDS)
    return ProviderError(Trouble.DEPLOYMENT_REFUSED, reason)
