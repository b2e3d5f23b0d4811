"""What an author learns of their readers: how many, never who."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from backend_server.answers import answer
from backend_server.notifications.audience import audience_of, outcomes_of
from backend_server.notifications.http.blueprint import routes
from backend_server.request_models import Answer
from backend_server.routing import SESSION, error_answers
from backend_server.services import services
from backend_server.sessions import require_session


class PostPath(BaseModel):
    id: UUID


class Audience(BaseModel):
    at_once: int
    in_digest: int
    without_mail: int


class AudienceAnswer(Answer):
    data: Audience


class Outcomes(BaseModel):
    waiting: int
    accepted: int = Field(description="By the mail provider; not known to have arrived yet.")
    delivered: int
    bounced: int
    failed: int
    skipped: dict[str, int] = Field(description="By reason, such as `unsubscribed`.")


class OutcomesAnswer(Answer):
    data: Outcomes


@routes.get("/users/me/audience", security=SESSION, responses={200: AudienceAnswer})
def get_audience() -> Response:
    """Whom a post of mine would reach now."""
    session = require_session()
    with services().database.reading() as connection:
        return answer("Got audience!", audience_of(connection, session.user_id))


@routes.get(
    "/posts/<uuid:id>/delivery",
    security=SESSION,
    responses={200: OutcomesAnswer, **error_answers(403, 404)},
)
def get_delivery(path: PostPath) -> Response:
    """How telling the readers of my post went."""
    session = require_session()
    with services().database.reading() as connection:
        return answer("Got delivery!", outcomes_of(connection, path.id, session.user_id))
