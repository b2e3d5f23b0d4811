"""The folder of kept mails. File names carry what is looked up, so nothing is held in memory.

A mail is `<digest of its address>-<its id>.eml`; the time of the file is when it was sent.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

# Tells the inbox what a mail is; mails that leave go without it.
KIND_HEADER = "X-Mail-Kind"


@dataclass(frozen=True, slots=True, order=True)
class KeptMail:
    sent_at_nanoseconds: int
    id: str
    path: Path


class OutboxFolder:
    """Raises OSError where the file system does."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path

    def add(self, mail_id: str, address: str, content: bytes) -> None:
        """Does nothing when the mail is there already. Nobody ever sees half a mail."""
        final_path = self._path / f"{_address_digest(address)}-{mail_id}.eml"
        if final_path.exists():
            return
        with NamedTemporaryFile(dir=self._path, prefix=".", suffix=".part") as file:
            file.write(content)
            file.flush()
            # The kernel's own file times are too coarse to tell two mails of a moment apart.
            os.utime(file.fileno(), ns=(time.time_ns(), time.time_ns()))
            # A link, unlike a rename, never replaces what another process put there first.
            with suppress(FileExistsError):
                os.link(file.name, final_path)

    def newest(self, most: int | None = None, address: str | None = None) -> list[KeptMail]:
        """Of all, or of those to exactly this address in any case."""
        mails = self._mails("" if address is None else f"{_address_digest(address)}-")
        return sorted(mails, reverse=True)[:most]

    def find(self, mail_id: str) -> KeptMail | None:
        return next((mail for mail in self._mails() if mail.id == mail_id), None)

    def _mails(self, prefix: str = "") -> Iterator[KeptMail]:
        with os.scandir(self._path) as entries:
            for entry in entries:
                if entry.name.startswith(prefix) and entry.name.endswith(".eml"):
                    path = Path(entry.path)
                    yield KeptMail(entry.stat().st_mtime_ns, path.stem.partition("-")[2], path)


def _address_digest(address: str) -> str:
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:16]
