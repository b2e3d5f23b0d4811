"""Where mails are submitted, and how to connect to it."""

import smtplib
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

# For connecting, and for each answer of the server.
TIMEOUT_SECONDS = 5.0
# RFC 8314 prefers TLS from the first byte; RFC 6409 has the other.
PORTS = {"smtps": 465, "smtp": 587}


@dataclass(frozen=True, slots=True)
class SubmissionServer:
    host: str
    port: int
    # TLS from the first byte.
    implicit_tls: bool
    username: str
    password: str = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> "SubmissionServer":
        """Of `smtps://name:password@host:port`, or `smtp://…` for STARTTLS.

        ValueError says what is wrong.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be smtps://name:password@host:port or smtp://…")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            implicit_tls=parts.scheme == "smtps",
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def connect(self) -> smtplib.SMTP:
        """Signed in. Raises OSError, of which smtplib's errors are some."""
        context = ssl.create_default_context()
        if self.implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            self._secure_and_sign_in(connection, context)
        except BaseException:
            connection.close()
            raise
        return connection

    def _secure_and_sign_in(self, connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
        # A mail server on this machine needs no TLS; anywhere else it is not optional, or whoever
        # sits in between could take it away.
        if not self.implicit_tls and not _is_this_machine(self.host):
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        if self.username:
            connection.login(self.username, self.password)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
