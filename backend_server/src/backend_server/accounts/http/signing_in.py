from __future__ import annotations

from uuid import UUID

from flask import Response, request
from pydantic import BaseModel, Field

from backend_server.accounts import fields, queries
from backend_server.accounts.fields import LONGEST_CREDENTIAL
from backend_server.accounts.http.blueprint import routes
from backend_server.accounts.model import language_of
from backend_server.accounts.use_cases.log_in import SignedIn
from backend_server.accounts.use_cases.log_in import log_in as sign_in
from backend_server.accounts.use_cases.register import register as register_member
from backend_server.answers import answer
from backend_server.client_address import current_network
from backend_server.errors import NotSignedIn
from backend_server.request_models import Answer, Body, Text
from backend_server.routing import SESSION, error_answers
from backend_server.services import services
from backend_server.sessions import cookie, current_session, require_session
from backend_server.sessions.use_cases import end_session


class Registration(Body):
    username: fields.Username
    password: fields.NewPassword
    email: fields.EmailAddress


class Credentials(Body):
    username: Text = Field(
        max_length=LONGEST_CREDENTIAL, description="The username or the email address."
    )
    password: Text = Field(max_length=LONGEST_CREDENTIAL, json_schema_extra={"format": "password"})


class SignedInMember(BaseModel):
    username: str
    email: str


class SignedInAnswer(Answer):
    data: SignedInMember


class Session(BaseModel):
    """Who is signed in."""

    id: UUID
    username: str
    email: str
    email_confirmed: bool
    language: str = Field(description="BCP 47 tag of the language mails are written in.")


class SessionAnswer(Answer):
    data: Session


@routes.post("/auth/register", responses={201: Answer, **error_answers(409, 429)})
def register(body: Registration) -> Response:
    """Become a member."""
    register_member(
        services(),
        username=body.username,
        email=body.email,
        password=body.password,
        language=language_of(request.accept_languages.values()),
        network=current_network(),
    )
    return answer("User registered successfully!", status=201)


@routes.post("/auth/login", responses={200: SignedInAnswer, **error_answers(401, 429)})
def log_in(body: Credentials) -> Response:
    """Sign in: sets the session cookie."""
    used = services()
    old_session = current_session()
    signed_in = sign_in(
        used,
        name=body.username,
        password=body.password,
        user_agent=request.user_agent.string,
        network=current_network(),
    )
    if old_session:
        end_session(used, old_session)
    return _answer_with_cookie(signed_in)


def _answer_with_cookie(signed_in: SignedIn) -> Response:
    member = {"username": signed_in.username, "email": signed_in.email}
    response = answer("Logged in succesfully!", member)
    cookie.keep(response, signed_in.token, services().settings.public_url)
    return response


@routes.post("/auth/logout", security=SESSION, responses={200: Answer})
def log_out() -> Response:
    """Sign out: ends the session for good, not only in this browser."""
    used = services()
    end_session(used, require_session())
    response = answer("Logged out successfully!")
    cookie.forget(response, used.settings.public_url)
    return response


@routes.get("/auth/session", security=SESSION, responses={200: SessionAnswer})
def get_session() -> Response:
    """Who am I?"""
    session = require_session()
    with services().database.reading() as connection:
        account = queries.find_account(connection, session.user_id)
    if account is None:
        raise NotSignedIn
    return answer("Signed in.", account)
