"""What a member does with the own account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from backend_server.accounts import export, fields, queries
from backend_server.accounts.fields import LONGEST_CREDENTIAL
from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.members import ProfileChanges
from backend_server.accounts.model import LONGEST_BIO
from backend_server.accounts.use_cases.change_profile import change_profile
from backend_server.accounts.use_cases.delete_account import delete_account
from backend_server.answers import answer
from backend_server.client_address import current_network
from backend_server.errors import NotSignedIn
from backend_server.request_models import WITHOUT_NUL, Answer, Body
from backend_server.routing import SESSION, error_answers
from backend_server.services import services
from backend_server.sessions import cookie, require_session

CurrentPassword = Annotated[
    str,
    Field(max_length=LONGEST_CREDENTIAL, json_schema_extra={"format": "password"}),
    WITHOUT_NUL,
]


class AccountChanges(Body):
    """What is left out stays as it is."""

    username: fields.Username | None = None
    email: fields.EmailAddress | None = Field(
        None, description="Replaces the current one once it is confirmed; needs the password."
    )
    bio: Annotated[str, Field(max_length=LONGEST_BIO), WITHOUT_NUL] | None = None
    show_email: bool | None = Field(None, description="Whether others see the address.")
    language: Literal["en", "es"] | None = Field(None, description="That mails are written in.")
    current_password: CurrentPassword | None = Field(None, alias="currentPassword")


class Departure(Body):
    current_password: CurrentPassword = Field(alias="currentPassword")


class OwnAccount(BaseModel):
    id: UUID
    username: str
    email: str
    email_confirmed: bool
    pending_email: str | None = Field(description="The new address, until it is confirmed.")
    bio: str
    show_email: bool
    language: str
    created_at: datetime


class OwnAccountAnswer(Answer):
    data: OwnAccount


@routes.get("/users/me", security=SESSION, responses={200: OwnAccountAnswer})
def get_own_account() -> Response:
    """The own account, with all that one can change."""
    return _answer("Got account!", require_session().user_id)


@routes.patch(
    "/users/me", security=SESSION, responses={200: OwnAccountAnswer, **error_answers(409, 429)}
)
def change_own_account(body: AccountChanges) -> Response:
    """Change username, email address, bio, privacy or language."""
    user_id = require_session().user_id
    changes = ProfileChanges(body.username, body.bio, body.show_email, body.language)
    change_profile(
        services(),
        user_id,
        changes,
        email=body.email,
        password=body.current_password,
        network=current_network(),
    )
    return _answer("Account updated successfully!", user_id)


@routes.delete("/users/me", security=SESSION, responses={200: Answer, **error_answers(429)})
def delete_own_account(body: Departure) -> Response:
    """Delete the own account and everything that belongs to it, for good."""
    used = services()
    delete_account(
        used, require_session(), password=body.current_password, network=current_network()
    )
    response = answer("Account deleted successfully!")
    cookie.forget(response, used.settings.public_url)
    return response


@routes.get("/users/me/export", security=SESSION, responses={200: export.Export})
def export_own_account() -> Response:
    """All that is kept about oneself, as a JSON file."""
    pieces = export.export_member(services(), require_session().user_id)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="decoupled-export.json"',
    }
    return Response(pieces, headers=headers, mimetype="application/json")


def _answer(message: str, user_id: UUID) -> Response:
    with services().database.reading() as connection:
        account = queries.find_own_profile(connection, user_id)
    if account is None:
        raise NotSignedIn
    return answer(message, account)
