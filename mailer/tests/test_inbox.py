import email
from email import policy

import pytest
from flask.testing import FlaskClient
from mailer.inbox.app import create_inbox
from mailer.outbox_folder import OutboxFolder
from mailer_requests import confirm_email, new_post, password_changed, reset_code, wren
from running_mailer import Caller


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
    assert "Show all" in inbox.get("/?to=nobody@decoupled.dev").text
