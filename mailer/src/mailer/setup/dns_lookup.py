"""Looks records up in the DNS."""

from typing import Protocol

import dns.exception
import dns.resolver

# For one name, all servers and repeats together.
LOOKUP_SECONDS = 3.0


class DnsTroubleError(Exception):
    """No server gave an answer, so nothing is known."""


class TextRecords(Protocol):
    def __call__(self, name: str) -> list[str]:
        """The TXT records of a name; none when there is no such name. Raises DnsTroubleError."""


class Dns:
    def __init__(self, server: str | None = None) -> None:
        """Asks `server` (host:port), or those that the machine asks."""
        self._resolver = dns.resolver.Resolver(configure=server is None)
        if server is not None:
            host, _, port = server.rpartition(":")
            self._resolver.nameservers = [host]
            self._resolver.port = int(port)

    def text_records(self, name: str) -> list[str]:
        """A record in several pieces is one text (RFC 7208, section 3.3)."""
        try:
            answer = self._resolver.resolve(name, "TXT", lifetime=LOOKUP_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise DnsTroubleError(f"the DNS did not answer: {type(error).__name__}") from error
        return [b"".join(record.strings).decode(errors="replace") for record in answer]
