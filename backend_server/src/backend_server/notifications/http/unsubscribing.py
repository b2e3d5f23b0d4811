"""Stopping mail by the link in it."""

from __future__ import annotations

from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from backend_server.answers import answer
from backend_server.notifications import use_cases
from backend_server.notifications.http.blueprint import routes
from backend_server.request_models import Answer
from backend_server.routing import error_answers
from backend_server.services import services


class UnsubscribePath(BaseModel):
    token: str


class Subscription(BaseModel):
    about: Literal["author", "digest", "mentions"] = Field(
        description="Posts of one author, the digest, or posts that name the member."
    )
    author_username: str | None = Field(description="Null unless `about` is `author`.")


class SubscriptionAnswer(Answer):
    data: Subscription


@routes.get(
    "/notifications/unsubscribe/<token>",
    responses={200: SubscriptionAnswer, **error_answers(404)},
)
def show_subscription(path: UnsubscribePath) -> Response:
    """Which mail the link would stop. Changes nothing."""
    used = services()
    subscription = use_cases.describe_subscription(
        used.database, used.settings.link_key, path.token
    )
    return answer("Got subscription!", subscription)


# RFC 8058: mail providers post here with a body of their own, no cookie and no origin.
@routes.post("/notifications/unsubscribe/<token>", responses={200: Answer, **error_answers(404)})
def unsubscribe(path: UnsubscribePath) -> Response:
    """End this mail, for whoever holds the link out of it."""
    used = services()
    use_cases.unsubscribe(used.database, used.settings.link_key, path.token)
    return answer("Unsubscribed!")
