"""What a member wants to be told."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any, cast

from flask import Response
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from backend_server.answers import answer
from backend_server.errors import NotSignedIn
from backend_server.notifications import preferences
from backend_server.notifications.http.blueprint import routes
from backend_server.notifications.preferences import (
    AddressProblem,
    NotifyAbout,
    choose_preferences,
    find_preferences,
)
from backend_server.request_models import Answer, Body, Text
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
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:00"])]
# Which names there are changes with the clocks of the world, so none are listed.
TimeZone = Annotated[
    Text,
    Field(examples=["Europe/Madrid"], json_schema_extra={"format": "iana-time-zone"}),
]


class Changes(Body):
    """What is left out stays as it is."""

    notify_about: NotifyAbout = Field(
        "followed", description="Whose posts are mailed: of those one follows, everyone, nobody."
    )
    paused_until: Time | None = Field(None, description="No mail about posts until then.")
    digest_time: TimeOfDay = Field(
        "08:00", description="When the digest comes, by the clocks of `time_zone`."
    )
    time_zone: TimeZone = Field(
        "UTC", description="A name of the IANA database, as Postgres knows it."
    )
    mention_mail: bool = Field(default=True, description="Mail about posts that name the member.")


class Choices(Changes):
    """All of them; what is left out is chosen as it is at the beginning."""


class Preferences(BaseModel):
    notify_about: NotifyAbout
    paused_until: datetime | None
    digest_time: TimeOfDay
    time_zone: str
    mention_mail: bool
    address_problem: AddressProblem | None = Field(
        description="Why no mail about posts arrives: confirming the address anew ends "
        "`unconfirmed`, `bounced` and `bouncing`. Null when mail arrives."
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
    return _choose(body.model_dump())


@routes.patch("/notifications/preferences", security=SESSION, responses={200: PreferencesAnswer})
def patch_preferences(body: Changes) -> Response:
    """Choose anew some of what to be told."""
    return _choose(body.model_dump(exclude_unset=True))


def _choose(choices: dict[str, Any]) -> Response:
    if "digest_time" in choices:
        choices["digest_time"] = time.fromisoformat(choices["digest_time"])
    user_id = require_session().user_id
    choose_preferences(services().database, user_id, cast("preferences.Choices", choices))
    return _answer("Preferences saved!")


def _answer(message: str) -> Response:
    with services().database.reading() as connection:
        found = find_preferences(connection, require_session().user_id)
    if found is None:
        raise NotSignedIn
    return answer(message, found)
