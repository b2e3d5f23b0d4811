"""Reads kept mails back from their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from mailer.outbox_folder import KIND_HEADER, KeptMail, OutboxFolder


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


def newest(folder: OutboxFolder, most: int, address: str | None) -> list[Message]:
    return [_read(mail) for mail in folder.newest(most, address)]


def find(folder: OutboxFolder, mail_id: str) -> Message | None:
    mail = folder.find(mail_id)
    return None if mail is None else _read(mail)


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
    return str(part.get_content()) if part else ""
