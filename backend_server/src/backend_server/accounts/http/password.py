from __future__ import annotations

from flask import Response
from pydantic import Field

from backend_server.accounts import fields
from backend_server.accounts.fields import LONGEST_CREDENTIAL
from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.use_cases.change_password import change_password as change
from backend_server.accounts.use_cases.request_reset import request_reset
from backend_server.accounts.use_cases.restart_password import restart_password as set_new_password
from backend_server.answers import answer
from backend_server.client_address import current_network
from backend_server.request_models import Answer, Body, Text
from backend_server.routing import SESSION, error_answers
from backend_server.services import services
from backend_server.sessions import require_session

LONGEST_TOKEN = 64


class ResetRequest(Body):
    email: fields.EmailAddress


class NewPassword(Body):
    email: fields.EmailAddress
    token: Text = Field(
        max_length=LONGEST_TOKEN, description="The six hexadecimal characters from the mail."
    )
    new_password: fields.NewPassword = Field(alias="newPassword")


class PasswordChange(Body):
    current_password: Text = Field(
        alias="currentPassword",
        max_length=LONGEST_CREDENTIAL,
        json_schema_extra={"format": "password"},
    )
    new_password: fields.NewPassword = Field(alias="newPassword")


@routes.put("/auth/password", security=SESSION, responses={200: Answer, **error_answers(429)})
def change_password(body: PasswordChange) -> Response:
    """Set a new password, knowing the current one: ends all other sessions."""
    change(
        services(),
        require_session(),
        current=body.current_password,
        new=body.new_password,
        network=current_network(),
    )
    return answer("Password changed successfully!")


@routes.post("/auth/send-reset-token", responses={200: Answer, **error_answers(429)})
def send_reset_token(body: ResetRequest) -> Response:
    """Have a reset code mailed, if the address has an account; the answer does not tell."""
    request_reset(services(), body.email, current_network())
    return answer("Reset token sent successfully")


@routes.put("/auth/restart-password", responses={200: Answer, **error_answers(429)})
def restart_password(body: NewPassword) -> Response:
    """Set a new password with a reset code: ends all sessions."""
    set_new_password(
        services(),
        email=body.email,
        code=body.token,
        new_password=body.new_password,
        network=current_network(),
    )
    return answer("Pasword reset successfully")
