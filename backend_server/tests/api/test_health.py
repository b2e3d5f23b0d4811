from __future__ import annotations

from dataclasses import replace

from backend_people import Browser
from backend_settings import NOWHERE
from local_stack.valkey import Valkey

from backend_server.app import create_app
from backend_server.config import Secret, Settings


def test_the_process_lives_whatever_else_is_down(settings: Settings) -> None:
    app = create_app(replace(settings, database_url=Secret(f"postgresql://{NOWHERE}/nowhere")))
    assert Browser(app).get("/health/live").status_code == 200


def test_it_is_ready_without_search_and_mail_and_says_so(visitor: Browser) -> None:
    answer = visitor.get("/health/ready")
    assert answer.status_code == 200
    assert answer.get_json()["data"] == {
        "postgres": "ok",
        "redis": "ok",
        "heavy_computation": "down",
        "mailer": "down",
    }


def test_it_is_not_ready_without_postgres(settings: Settings) -> None:
    app = create_app(replace(settings, database_url=Secret(f"postgresql://{NOWHERE}/nowhere")))
    answer = Browser(app).get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["data"]["postgres"] == "down"
    app.extensions["services"].close()


def test_it_is_not_ready_without_redis(visitor: Browser, valkey_server: Valkey) -> None:
    valkey_server.stop()
    try:
        answer = visitor.get("/health/ready")
    finally:
        valkey_server.start()
    assert answer.status_code == 503
    assert answer.get_json()["data"]["redis"] == "down"
