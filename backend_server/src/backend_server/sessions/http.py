"""Where a member is signed in, and signing out from afar."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from flask import Response
from pydantic import BaseModel, Field

from backend_server.answers import answer
from backend_server.request_models import WITHOUT_NUL, Answer
from backend_server.routing import SESSION, error_answers, feature_routes
from backend_server.services import services
from backend_server.sessions import cookie, require_session, use_cases
from backend_server.sessions.browsers import browser_of, system_of
from backend_server.sessions.model import SignedInBrowser, public_id

LONGEST_ID: Final = 64

routes: Final = feature_routes("sessions", __name__)


class SessionPath(BaseModel):
    id: Annotated[str, Field(max_length=LONGEST_ID), WITHOUT_NUL]


class BrowserSession(BaseModel):
    """A browser in which the member is signed in."""

    id: str
    browser: str | None = Field(description="Such as Firefox; null when it is none we know.")
    system: str | None = Field(description="Such as Linux; null when it is none we know.")
    started_at: datetime
    last_seen_at: datetime = Field(description="To within a minute.")
    is_current: bool = Field(description="Whether it is the one that asks.")


class BrowserSessionsAnswer(Answer):
    data: list[BrowserSession]


@routes.get("/auth/sessions", security=SESSION, responses={200: BrowserSessionsAnswer})
def list_sessions() -> Response:
    """Where am I signed in?"""
    session = require_session()
    current_id = public_id(session.id)
    browsers = use_cases.list_sessions(services(), session)
    return answer("Got sessions!", [_described(each, current_id) for each in browsers])


@routes.delete(
    "/auth/sessions/<id>", security=SESSION, responses={200: Answer, **error_answers(404)}
)
def end_session(path: SessionPath) -> Response:
    """Sign out one browser of one's own."""
    used = services()
    was_this_one = use_cases.end_session_by_id(used, require_session(), path.id)
    response = answer("Session ended!")
    if was_this_one:
        cookie.forget(response, used.settings.public_url)
    return response


@routes.delete("/auth/sessions", security=SESSION, responses={200: Answer})
def end_other_sessions() -> Response:
    """Sign out everywhere else."""
    use_cases.end_other_sessions(services(), require_session())
    return answer("Signed out everywhere else!")


def _described(browser: SignedInBrowser, current_id: str) -> dict[str, Any]:
    return {
        "id": browser.id,
        "browser": browser_of(browser.user_agent),
        "system": system_of(browser.user_agent),
        "started_at": browser.started_at,
        "last_seen_at": browser.last_seen_at,
        "is_current": browser.id == current_id,
    }
