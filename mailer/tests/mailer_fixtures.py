from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from mail_server import MailServer
from mailer.composing import Composer
from mailer.inbox import messages
from mailer.outbox_folder import OutboxFolder
from running_mailer import (
    Caller,
    outbox_settings,
    resend_settings,
    running_mailer,
    smtp_settings,
)
from system_tests.fake_resend import FakeResend


@dataclass(frozen=True)
class Provided:
    """A running mailer, and who got a mail from it, once for each time."""

    caller: Caller
    reached: Callable[[], list[str]]


@pytest.fixture
def composer() -> Composer:
    return Composer(
        "https://decoupled.dev",
        subscription_sender="Decoupled <posts@decoupled.dev>",
        account_sender="Decoupled <accounts@decoupled.dev>",
    )


@pytest.fixture
def outbox(tmp_path: Path) -> OutboxFolder:
    return OutboxFolder(tmp_path / "outbox")


@pytest.fixture
def fake_resend() -> Iterator[FakeResend]:
    with FakeResend(calls_per_second=1_000) as fake:
        yield fake


@pytest.fixture
def resend_mailer(fake_resend: FakeResend) -> Iterator[Caller]:
    with running_mailer(resend_settings(fake_resend)) as caller:
        yield caller


@pytest.fixture
def outbox_mailer(tmp_path: Path) -> Iterator[Caller]:
    with running_mailer(outbox_settings(tmp_path / "outbox")) as caller:
        yield caller


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def smtp_mailer(mail_server: MailServer, tmp_path: Path) -> Iterator[Caller]:
    with running_mailer(smtp_settings(mail_server, tmp_path / "journal.db")) as caller:
        yield caller


@pytest.fixture(params=["outbox", "resend", "smtp"])
def mailer(request: pytest.FixtureRequest) -> Provided:
    caller = request.getfixturevalue(f"{request.param}_mailer")
    if request.param == "outbox":
        outbox = request.getfixturevalue("outbox")
        return Provided(caller, lambda: [mail.to for mail in messages.newest(outbox, 1_000, None)])
    if request.param == "smtp":
        server = request.getfixturevalue("mail_server")
        return Provided(caller, lambda: [str(mail["To"]) for mail in server.mails])
    fake = request.getfixturevalue("fake_resend")
    return Provided(
        caller, lambda: [mail.recipient for mail in fake.accepted() for _ in range(mail.count)]
    )
