"""The inbox's pages and its JSON API."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Flask, Response, abort, render_template, request

from mailer.inbox import messages
from mailer.inbox.messages import Message, Search
from mailer.outbox_folder import OutboxFolder

MAILS_ON_A_PAGE = 50
MOST_MAILS = 1_000
PREVIEW_CHARACTERS = 160
# How a mail can be shown → what that is called.
VIEWS = {
    "letter": "Letter",
    "phone": "On a phone",
    "text": "Text",
    "headers": "Headers",
    "source": "Source",
}
# A page elsewhere that points a name of its own at this machine reads nothing.
HOSTS = ["localhost", "127.0.0.1"]

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# The mail in its frame: no script, nothing loaded; links open outside.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


def create_inbox(folder: OutboxFolder) -> Flask:
    app = Flask(__name__)
    app.config["TRUSTED_HOSTS"] = HOSTS
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.get("/")
    def list_page() -> str:
        mails = _newest()
        older = mails[-1].id if len(mails) == MAILS_ON_A_PAGE else None
        return render_template(
            "list.html",
            days=_by_day(mails),
            search=request.args.get("search", ""),
            is_first=not request.args.get("before"),
            older=older,
        )

    @app.get("/mails/<mail_id>")
    def mail_page(mail_id: str) -> str:
        mail = _found(mail_id)
        shown = request.args.get("show", "")
        source = _raw(mail_id).decode(errors="replace") if shown == "source" else ""
        return render_template(
            "mail.html",
            mail=mail,
            views=VIEWS,
            shown=shown if shown in VIEWS else "letter",
            source=source,
        )

    @app.get("/mails/<mail_id>/html")
    def mail_html(mail_id: str) -> Response:
        response = Response(_found(mail_id).html, mimetype="text/html")
        response.headers["Content-Security-Policy"] = MAIL_POLICY
        return response

    @app.get("/api/mails")
    def mails_json() -> dict[str, Any]:
        return {"data": [_as_json(mail) for mail in _newest()]}

    @app.get("/api/mails/<mail_id>/raw")
    def raw(mail_id: str) -> Response:
        return Response(_raw(mail_id), mimetype="message/rfc822")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _newest() -> list[Message]:
        most = request.args.get("limit", MAILS_ON_A_PAGE, type=int)
        search = Search(
            address=request.args.get("to", "").strip() or None,
            words=request.args.get("search", ""),
            before=request.args.get("before") or None,
        )
        return messages.find_newest(folder, min(max(most, 1), MOST_MAILS), search)

    def _found(mail_id: str) -> Message:
        return messages.find(folder, mail_id) or abort(404)

    def _raw(mail_id: str) -> bytes:
        mail = folder.find(mail_id) or abort(404)
        return mail.path.read_bytes()

    @app.template_filter()
    def preview(mail: Message) -> str:
        return " ".join(mail.text.split())[:PREVIEW_CHARACTERS]

    return app


def _by_day(mails: Sequence[Message]) -> list[tuple[str, list[Message]]]:
    """Such as `Monday, 23 November 2026`, with its mails."""
    days = groupby(
        mails, lambda mail: f"{mail.sent_at:%A}, {mail.sent_at.day} {mail.sent_at:%B %Y}"
    )
    return [(day, list(of_day)) for day, of_day in days]


def _as_json(mail: Message) -> dict[str, Any]:
    return {
        "id": mail.id,
        "kind": mail.kind,
        "to": mail.to,
        "from": mail.sender,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": dict(mail.headers),
        "sent_at": mail.sent_at.isoformat().replace("+00:00", "Z"),
    }
