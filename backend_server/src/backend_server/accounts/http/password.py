from __future__ import annotations

from flask import Response
from pydantic import Field

from backend_server.accounts import fields
from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.use_cases.request_reset import request_reset
from backend_server.accounts.use_cases.restart_password import restart_password as set_new_password
from backend_server.answers import answer
from backend_server.request_models import Answer, Body, Text
from backend_server.services import services

LONGEST_TOKEN = 64


class ResetRequest(Body):
    email: fields.EmailAddress


class NewPassword(Body):
    email: fields.EmailAddress
    token: Text = Field(
        max_length=LONGEST_TOKEN, description="The six hexadecimal characters from the mail."
    )
    new_password: fields.NewPassword = Field(alias="newPassword")


@routes.post("/auth/send-reset-token", responses={200: Answer})
def send_reset_token(body: ResetRequest) -> Response:
    """Have a reset code mailed, if the address has an account; the answer does not tell."""
    request_reset(services(), body.email)
    return answer("Reset token sent successfully")


@routes.put("/auth/restart-password", responses={200: Answer})
def restart_password(body: NewPassword) -> Response:
    """Set a new password with a reset code: ends all sessions."""
    set_new_password(services(), email=body.email, code=body.token, new_password=body.new_password)
    return answer("Pasword reset successfully")
