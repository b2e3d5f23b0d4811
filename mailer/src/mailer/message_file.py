"""A mail as the bytes of an .eml file, RFC 5322."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy

from mailer.mail import Mail


def message_bytes(mail: Mail, written_at: datetime, headers: Mapping[str, str]) -> bytes:
    """With `headers` beyond the mail's own."""
    # RFC 6532 is only for addresses that cannot be written otherwise.
    policy = SMTP if mail.address.isascii() else SMTPUTF8
    message = EmailMessage(policy.clone(header_factory=_HEADERS))
    message["Date"] = written_at
    message["From"] = mail.sender
    message["To"] = mail.address
    message["Subject"] = mail.subject
    for name, value in {**mail.headers, **headers}.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message.as_bytes()


class _OnOneLine(UnstructuredHeader, BaseHeader):
    """The email package would encode a URL that is longer than a line."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _OnOneLine)
