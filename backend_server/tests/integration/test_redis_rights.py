"""What Redis lets our services do in production (deploy/secrets) is enough for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import redis
from backend_people import Person
from backend_settings import settings_for
from local_stack.ports import LOOPBACK
from local_stack.valkey import Valkey

from backend_server.accounts.use_cases.suspend_member import suspend_member
from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.health.doctor import examine

SECRETS = Path(__file__).parents[3] / "deploy/secrets/service_secrets/of_each_service.py"
RIGHTS = ("~*", "&*", "+@all", "-@admin", "-@dangerous")


@pytest.fixture
def limited_settings(
    settings: Settings, valkey: redis.Redis, valkey_server: Valkey
) -> Iterator[Settings]:
    valkey.execute_command("ACL", "SETUSER", "limited", "on", ">password", *RIGHTS)
    yield settings_for(
        DATABASE_URL=settings.database_url.reveal(),
        REDIS_URL=f"redis://limited:password@{LOOPBACK}:{valkey_server.port}/0",
    )
    valkey.execute_command("ACL", "DELUSER", "limited")


def test_the_rights_are_those_of_production() -> None:
    assert " ".join(RIGHTS) in SECRETS.read_text()


def test_members_sign_in_and_out_and_are_limited(limited_settings: Settings) -> None:
    app = create_app(limited_settings)
    alice = Person(app, "Alice").register().log_in()
    phone = alice.in_another_browser().log_in()
    sessions = alice.get("/auth/sessions").get_json()["data"]
    assert len(sessions) == 2
    assert alice.delete(f"/auth/sessions/{sessions[1]['id']}").status_code == 200
    assert not phone.is_signed_in()
    tries = [phone.try_to_log_in("a-wrong-password").status_code for _ in range(11)]
    assert tries == [*[401] * 10, 429]
    assert alice.delete("/auth/sessions").status_code == 200
    assert alice.post("/auth/logout").status_code == 200
    app.extensions["services"].close()


def test_an_operator_signs_a_member_out_and_looks_at_redis(limited_settings: Settings) -> None:
    app = create_app(limited_settings)
    services = app.extensions["services"]
    alice = Person(app, "Alice").register().log_in()
    suspend_member(services, UUID(alice.id))
    assert not alice.is_signed_in()
    assert {each.subject: each.level for each in examine(services)}["redis"] == "ok"
    services.close()
