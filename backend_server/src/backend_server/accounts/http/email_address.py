from __future__ import annotations

from flask import Response
from pydantic import Field

from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.use_cases.confirm_email import confirm_email as confirm
from backend_server.accounts.use_cases.send_confirmation import send_confirmation as send
from backend_server.answers import answer
from backend_server.request_models import Answer, Body, Text
from backend_server.routing import SESSION, error_answers
from backend_server.services import services
from backend_server.sessions import require_session

LONGEST_TOKEN = 64


class Confirmation(Body):
    token: Text = Field(max_length=LONGEST_TOKEN, description="From the link in the mail.")


@routes.post("/auth/confirm-email", responses={200: Answer})
def confirm_email(body: Confirmation) -> Response:
    """Prove that an email address is one's own."""
    confirm(services(), body.token)
    return answer("Email confirmed successfully!")


@routes.post(
    "/auth/send-confirmation", security=SESSION, responses={200: Answer, **error_answers(429)}
)
def send_confirmation() -> Response:
    """Have the confirmation mailed again."""
    send(services(), require_session().user_id)
    return answer("Confirmation sent successfully!")
