"""What a member has seen in the app needs no mail any more."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from pydantic import BaseModel

from backend_server.answers import answer
from backend_server.notifications import use_cases
from backend_server.notifications.http.blueprint import routes
from backend_server.request_models import Answer
from backend_server.routing import SESSION, error_answers
from backend_server.services import services
from backend_server.sessions import require_session


class PostPath(BaseModel):
    id: UUID


@routes.put(
    "/posts/<uuid:id>/opened", security=SESSION, responses={200: Answer, **error_answers(404)}
)
def put_opened(path: PostPath) -> Response:
    """I have opened this post: no mail about it that is not on its way already."""
    use_cases.mark_as_opened(services().database, require_session().user_id, path.id)
    return answer("Noted!")
