"""Where the mail provider tells what became of mails."""

from __future__ import annotations

from flask import Response, request

from backend_server.answers import answer
from backend_server.notifications import webhooks
from backend_server.notifications.http.blueprint import routes
from backend_server.request_models import Answer
from backend_server.routing import error_answers
from backend_server.services import services


@routes.post("/webhooks/resend", responses={200: Answer, **error_answers(400, 403, 404)})
def take_webhook() -> Response:
    """An event of the mail provider, signed by it. The same event again changes nothing."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    used = services()
    webhooks.take_webhook(used.database, used.mailer, request.get_data(), headers)
    return answer("Thank you!")
