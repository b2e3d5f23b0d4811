"""The inbox's pages and its JSON API."""

from typing import Any

from flask import Flask, Response, abort, render_template, request

from mailer.inbox import messages
from mailer.inbox.messages import Message
from mailer.outbox_folder import OutboxFolder

MAILS_ON_A_PAGE = 50
MOST_MAILS = 1_000

PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'"
# The mail in its frame: no script, nothing loaded; links open outside.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


def create_inbox(folder: OutboxFolder) -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def list_page() -> str:
        return render_template("list.html", mails=_newest(), address=request.args.get("to", ""))

    @app.get("/mails/<mail_id>")
    def mail_page(mail_id: str) -> str:
        return render_template("mail.html", mail=_found(mail_id))

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
        mail = folder.find(mail_id) or abort(404)
        return Response(mail.path.read_bytes(), mimetype="message/rfc822")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _newest() -> list[Message]:
        most = request.args.get("limit", MAILS_ON_A_PAGE, type=int)
        address = request.args.get("to", "").strip() or None
        return messages.newest(folder, min(max(most, 1), MOST_MAILS), address)

    def _found(mail_id: str) -> Message:
        return messages.find(folder, mail_id) or abort(404)

    return app


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
