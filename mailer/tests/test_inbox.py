import email
import re
import socket
from email import policy

import pytest
from flask.testing import FlaskClient
from free_ports import free_port
from mailer.inbox.app import MAILS_ON_A_PAGE, create_inbox
from mailer.outbox_folder import OutboxFolder
from mailer_requests import confirm_email, new_post, password_changed, reset_code, wren
from running_mailer import Caller, resend_settings, running_mailer
from system_tests.fake_resend import FakeResend


@pytest.fixture
def inbox(outbox: OutboxFolder) -> FlaskClient:
    return create_inbox(outbox).test_client()


def test_the_json_api_tells_all_about_a_mail(inbox: FlaskClient, outbox_mailer: Caller) -> None:
    [outcome] = outbox_mailer.send(new_post()).outcomes

    [mail] = inbox.get("/api/mails").get_json()["data"]

    assert set(mail) == {
        "id", "kind", "to", "from", "subject", "text", "html", "headers", "sent_at"
    }  # fmt: skip
    assert mail["id"] == outcome.accepted_id
    assert mail["kind"] == "new_post"
    assert mail["to"] == "wren@decoupled.dev"
    assert mail["from"] == "Decoupled <posts@decoupled.dev>"
    assert mail["subject"] == "el_atla: The ferry leaves without us"
    assert "Nine people on the quay" in mail["text"]
    assert "Nine people on the quay" in mail["html"]
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["sent_at"].endswith("Z")


def test_mails_are_newest_first_filtered_and_limited(
    inbox: FlaskClient, outbox_mailer: Caller
) -> None:
    for request in (
        reset_code(),
        confirm_email(),
        password_changed(to=wren("other@decoupled.dev")),
    ):
        outbox_mailer.send(request)

    def kinds(query: str) -> list[str]:
        return [mail["kind"] for mail in inbox.get(f"/api/mails?{query}").get_json()["data"]]

    assert kinds("") == ["password_changed", "confirm_email", "reset_code"]
    assert kinds("to=WREN@decoupled.dev") == ["confirm_email", "reset_code"]
    assert kinds("to=wren@decoupled.dev&limit=1") == ["confirm_email"]
    assert kinds("to=nobody@decoupled.dev") == []
    assert kinds("limit=none") == ["password_changed", "confirm_email", "reset_code"]


def test_the_raw_message_is_the_mail_itself(inbox: FlaskClient, outbox_mailer: Caller) -> None:
    [outcome] = outbox_mailer.send(reset_code()).outcomes

    answer = inbox.get(f"/api/mails/{outcome.accepted_id}/raw")

    assert answer.mimetype == "message/rfc822"
    message = email.message_from_bytes(answer.data, policy=policy.default)
    assert message["To"] == "wren@decoupled.dev"
    assert not message.defects


def test_the_pages_show_mails_without_running_anything_in_them(
    inbox: FlaskClient, outbox_mailer: Caller
) -> None:
    [outcome] = outbox_mailer.send(new_post(title="<script>alert(1)</script>")).outcomes

    pages = [inbox.get(path) for path in ("/", f"/mails/{outcome.accepted_id}")]
    framed = inbox.get(f"/mails/{outcome.accepted_id}/html")

    for page in [*pages, framed]:
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in framed.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/mails/none", "/mails/none/html", "/api/mails/none/raw"])
def test_an_unknown_mail_is_not_found(inbox: FlaskClient, path: str) -> None:
    assert inbox.get(path).status_code == 404


def test_an_empty_outbox_says_what_to_do(inbox: FlaskClient) -> None:
    assert "Register a member" in inbox.get("/").text
    assert "Show all" in inbox.get("/?search=nobody@decoupled.dev").text


@pytest.mark.parametrize(
    ("search", "kinds"),
    [
        ("ferry", ["new_post"]),
        ("FERRY quay", ["new_post"]),
        ("ferry dahlias", []),
        ("other@decoupled.dev", ["password_changed"]),
        ("A1B2C3 minutes", ["reset_code"]),
        ("", ["password_changed", "new_post", "reset_code"]),
    ],
)
def test_a_search_finds_mails_that_have_all_of_its_words(
    inbox: FlaskClient, outbox_mailer: Caller, search: str, kinds: list[str]
) -> None:
    for request in (reset_code(), new_post(), password_changed(to=wren("other@decoupled.dev"))):
        outbox_mailer.send(request)

    answer = inbox.get("/api/mails", query_string={"search": search})
    page = inbox.get("/", query_string={"search": search}).text

    assert [mail["kind"] for mail in answer.get_json()["data"]] == kinds
    assert page.count("<li>") == len(kinds)


def test_older_mails_are_a_page_further(inbox: FlaskClient, outbox_mailer: Caller) -> None:
    for number in range(MAILS_ON_A_PAGE + 3):
        outbox_mailer.send(reset_code(f"reset/{number}"))

    first = inbox.get("/").text
    [older] = re.findall(r'href="([^"]+)">Older mails', first)
    second = inbox.get(older).text

    assert first.count("<li>") == MAILS_ON_A_PAGE
    assert second.count("<li>") == 3
    assert "Newest mails" in second
    assert "Older mails" not in second


@pytest.mark.parametrize(
    ("show", "what"),
    [
        ("", "<iframe"),
        ("phone", "<iframe"),
        ("text", "Nine people on the quay this morning.\n\nTake the early boat."),
        ("headers", "List-Unsubscribe=One-Click"),
        ("source", "MIME-Version: 1.0"),
        ("unheard-of", "<iframe"),
    ],
)
def test_a_mail_is_shown_as_letter_text_headers_or_source(
    inbox: FlaskClient, outbox_mailer: Caller, show: str, what: str
) -> None:
    [outcome] = outbox_mailer.send(new_post()).outcomes

    assert what in inbox.get(f"/mails/{outcome.accepted_id}?show={show}").text


@pytest.mark.parametrize("path", ["/", "/api/mails"])
def test_a_name_that_only_points_here_is_not_answered(inbox: FlaskClient, path: str) -> None:
    assert inbox.get(path, headers={"Host": "evil.example"}).status_code == 400
    assert inbox.get(path, headers={"Host": "127.0.0.1:8025"}).status_code == 200


def test_with_a_key_nobody_listens_where_the_inbox_would_be(fake_resend: FakeResend) -> None:
    port = free_port()
    settings = resend_settings(fake_resend) | {"INBOX_BIND": f"127.0.0.1:{port}"}

    with running_mailer(settings), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
