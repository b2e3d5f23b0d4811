"""What the mailer hands to a provider, and what it gets back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """Why a member gets a mail. Account mail is awaited by a person, so it overtakes the rest."""

    ACCOUNT = "account"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, fully written. Equal requests make equal mails, to the byte."""

    # Name of the request's field: reset_code, new_post, …
    kind: str
    purpose: Purpose
    sender: str
    address: str
    subject: str
    text: str
    html: str
    # Beyond From, To and Subject.
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the mail."""

    id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never send to this address."""

    reason: str


Outcome = Accepted | Refused


def mail_id(idempotency_key: str, address: str) -> str:
    """The same 32 hexadecimal characters for every try of one mail."""
    return hashlib.sha256(f"{idempotency_key}\0{address}".encode()).hexdigest()[:32]
