"""Reads the mails that the system sent, from the outbox that stands in for a mail provider."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from system_tests.waiting import wait_until

REQUEST_SECONDS = 10.0
RESET_CODE = re.compile(r"[0-9a-f]{6}")


@dataclass(frozen=True)
class Mail:
    """One sent mail."""

    id: str
    kind: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]

    @property
    def reset_code(self) -> str:
        """The six characters that stand alone on a line of a mail of kind `reset_code`."""
        (code,) = filter(RESET_CODE.fullmatch, self.text.splitlines())
        return code

    def link(self, path: str) -> str:
        """The link of the text part whose path begins with `path`."""
        (link,) = re.findall(rf"https?://[^/\s]+{re.escape(path)}\S*", self.text)
        return str(link)


class Inbox:
    """All mails of one deployment."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=REQUEST_SECONDS)

    def mails(self, address: str, kind: str | None = None) -> list[Mail]:
        """Returns the mails to an address so far, newest first."""
        answer = self._http.get("/api/mails", params={"to": address, "limit": 100})
        answer.raise_for_status()
        mails = [_mail(entry) for entry in answer.json()["data"]]
        return [mail for mail in mails if kind in (None, mail.kind)]

    def wait_for(self, address: str, kind: str, count: int = 1) -> Mail:
        """Returns the newest mail of a kind once there are `count` of them.

        Raises TimeoutError when they have not arrived soon.
        """
        wait_until(
            lambda: len(self.mails(address, kind)) >= count,
            f"{address} gets {count} mails of kind {kind}",
        )
        return self.mails(address, kind)[0]

    def close(self) -> None:
        self._http.close()


def _mail(entry: dict[str, Any]) -> Mail:
    fields = ("id", "kind", "subject", "text", "html", "headers")
    return Mail(**{field: entry[field] for field in fields})
