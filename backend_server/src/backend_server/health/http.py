from __future__ import annotations

from typing import Literal

from flask import Response
from pydantic import BaseModel

from backend_server import leaving
from backend_server.answers import answer
from backend_server.health.parts import states_of_parts
from backend_server.request_models import Answer
from backend_server.routing import feature_routes
from backend_server.services import services

routes = feature_routes("health", __name__)

# Without them nothing works; without the others something still does.
NEEDED = ("postgres", "redis")

State = Literal["ok", "down"]


class Parts(BaseModel):
    postgres: State
    redis: State
    heavy_computation: State
    mailer: State


class ReadyAnswer(Answer):
    data: Parts


@routes.get("/health/live", responses={200: Answer})
def get_liveness() -> Response:
    """Whether the process answers."""
    return answer("Alive.")


@routes.get("/health/ready", responses={200: ReadyAnswer, 503: ReadyAnswer})
def get_readiness() -> Response:
    """Whether new requests are welcome: 503 without what all need, and before a stop."""
    states = states_of_parts(services())
    is_ready = all(states[part] == "ok" for part in NEEDED) and not leaving.is_announced()
    return answer("Ready." if is_ready else "Not ready.", states, 200 if is_ready else 503)
