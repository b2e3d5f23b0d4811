"""Reads kept mails back from their files, and finds some of them again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import islice

from mailer.outbox_folder import KIND_HEADER, KeptMail, OutboxFolder

# A search reads files; beyond so many of the newest it looks no further.
MOST_SEARCHED = 2_000


@dataclass(frozen=True, slots=True)
class Message:
    """Field for field what the JSON API answers."""

    id: str
    kind: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """Which mails to show; by default all of them."""

    # To exactly this address, in any case.
    address: str | None = None
    # Each word of it stands in an address, the subject, the kind or the text.
    words: str = ""
    # Sent before the mail of this id.
    before: str | None = None


def newest(folder: OutboxFolder, most: int, address: str | None) -> list[Message]:
    return find_newest(folder, most, Search(address))


def find_newest(folder: OutboxFolder, most: int, search: Search) -> list[Message]:
    """Newest first."""
    words = search.words.casefold().split()
    messages = map(_read, _kept(folder, most if not words else MOST_SEARCHED, search))
    return list(islice((each for each in messages if _has(each, words)), most))


def find(folder: OutboxFolder, mail_id: str) -> Message | None:
    mail = folder.find(mail_id)
    return None if mail is None else _read(mail)


def _kept(folder: OutboxFolder, most: int, search: Search) -> Iterator[KeptMail]:
    last = None if search.before is None else folder.find(search.before)
    mails = folder.newest(address=search.address)
    return islice((mail for mail in mails if last is None or mail < last), most)


def _has(message: Message, words: list[str]) -> bool:
    if not words:
        return True
    parts = (message.to, message.sender, message.subject, message.kind, message.text)
    content = "\n".join(parts).casefold()
    return all(word in content for word in words)


def _read(mail: KeptMail) -> Message:
    message = message_from_bytes(mail.path.read_bytes(), EmailMessage, policy=default)
    return Message(
        id=mail.id,
        kind=str(message[KIND_HEADER]),
        to=str(message["To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: str(value) for name, value in message.items()},
        sent_at=datetime.fromtimestamp(mail.sent_at_nanoseconds / 1e9, UTC),
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
