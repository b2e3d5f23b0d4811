"""What is particular about a mail server behind the mailer."""

from pathlib import Path

import grpc
import pytest
from mail_server import MailServer
from mailer_requests import new_post, reader, readers, reset_code
from running_mailer import Caller, running_mailer, smtp_settings
from service_contracts.mailer.v1.mailer_pb2 import SetupLevel


def test_a_mail_arrives_with_its_headers_and_both_bodies(
    smtp_mailer: Caller, mail_server: MailServer
) -> None:
    [outcome] = smtp_mailer.send(new_post()).outcomes

    [mail] = mail_server.mails
    assert mail["From"] == "Decoupled <posts@decoupled.dev>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<{outcome.accepted_id}@decoupled.dev>"
    assert mail["X-Mail-Kind"] is None
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_what_was_taken_is_remembered_by_the_next_mailer(
    mail_server: MailServer, tmp_path: Path
) -> None:
    settings = smtp_settings(mail_server, tmp_path / "journal.db")
    answers = []
    for _ in range(2):
        with running_mailer(settings) as mailer:
            answers.append(mailer.send(new_post(to=readers(3))))

    assert answers[0] == answers[1]
    assert len(mail_server.mails) == 3


def test_a_mailbox_refused_for_good_stops_no_other(
    smtp_mailer: Caller, mail_server: MailServer
) -> None:
    mail_server.refusals["gone@decoupled.dev"] = "550 5.1.1 no such mailbox"

    first, second = smtp_mailer.send(
        new_post(to=[reader("gone@decoupled.dev"), reader("here@decoupled.dev")])
    ).outcomes

    assert first.refused_reason == "550 5.1.1 no such mailbox"
    assert second.accepted_id


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("451 try again later", grpc.StatusCode.RESOURCE_EXHAUSTED),
        ("554 we do not know you", grpc.StatusCode.FAILED_PRECONDITION),
    ],
)
def test_a_call_cut_short_goes_on_where_it_was(
    smtp_mailer: Caller, mail_server: MailServer, answer: str, code: grpc.StatusCode
) -> None:
    request = new_post(to=readers(3))
    smtp_mailer.send(new_post("another"))
    mail_server.mails.clear()
    mail_server.refusals["reader1@decoupled.dev"] = "450 greylisted"

    with pytest.raises(grpc.RpcError):
        smtp_mailer.send(request)
    mail_server.refusals.clear()
    mail_server.next_answers = [answer]
    with pytest.raises(grpc.RpcError) as refusal:
        smtp_mailer.send(request)
    smtp_mailer.send(request)

    assert refusal.value.code() is code
    reached = [str(mail["To"]) for mail in mail_server.mails]
    assert reached == [f"reader{number}@decoupled.dev" for number in range(3)]


def test_without_a_mail_server_the_caller_may_try_again(tmp_path: Path) -> None:
    with MailServer() as stopped:
        settings = smtp_settings(stopped, tmp_path / "journal.db")
    with running_mailer(settings) as mailer, pytest.raises(grpc.RpcError) as refusal:
        mailer.send(reset_code())

    assert refusal.value.code() is grpc.StatusCode.UNAVAILABLE


def test_the_setup_check_connects_and_says_that_no_bounces_come_back(
    smtp_mailer: Caller,
) -> None:
    first, second, *_ = smtp_mailer.check_setup().findings

    assert (first.level, first.found) == (SetupLevel.SETUP_LEVEL_OK, "takes mail")
    assert second.found == "it reports no bounces"
