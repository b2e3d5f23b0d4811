"""What a member wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from backend_server.answers import answer
from backend_server.errors import NotSignedIn
from backend_server.notifications.http.blueprint import routes
from backend_server.notifications.preferences import (
    AddressProblem,
    NotifyAbout,
    choose_preferences,
    find_preferences,
)
from backend_server.request_models import Answer, Body
from backend_server.routing import SESSION
from backend_server.services import services
from backend_server.sessions import require_session


def _text(value: object) -> object:
    """Numbers would pass for times, too."""
    if value is not None and not isinstance(value, str):
        raise PydanticCustomError(
            "not_a_time", "This must be a time, such as 2026-11-23T08:00:00Z."
        )
    return value


# JSON has no times of its own.
Time = Annotated[AwareDatetime, Strict(strict=False), BeforeValidator(_text)]


class Choices(Body):
    """All of them; what is left out is chosen as it is at the beginning."""

    notify_about: NotifyAbout = Field(
        "followed", description="Whose posts are mailed: of those one follows, everyone, nobody."
    )
    paused_until: Time | None = Field(None, description="No mail about posts until then.")


class Preferences(BaseModel):
    notify_about: NotifyAbout
    paused_until: datetime | None
    address_problem: AddressProblem | None = Field(
        description="Why no mail about posts arrives: confirming the address anew ends it, except "
        "after a complaint. Null when mail arrives."
    )


class PreferencesAnswer(Answer):
    data: Preferences


@routes.get("/notifications/preferences", security=SESSION, responses={200: PreferencesAnswer})
def get_preferences() -> Response:
    """What I want to be told, and whether mail reaches me."""
    return _answer("Got preferences!")


@routes.put("/notifications/preferences", security=SESSION, responses={200: PreferencesAnswer})
def put_preferences(body: Choices) -> Response:
    """Choose what to be told."""
    choose_preferences(
        services().database,
        require_session().user_id,
        notify_about=body.notify_about,
        paused_until=body.paused_until,
    )
    return _answer("Preferences saved!")


def _answer(message: str) -> Response:
    with services().database.reading() as connection:
        preferences = find_preferences(connection, require_session().user_id)
    if preferences is None:
        raise NotSignedIn
    return answer(message, preferences)
