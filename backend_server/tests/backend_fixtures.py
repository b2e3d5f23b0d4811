"""A real Postgres and Valkey for the whole run; a database, an app and its people for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from backend_people import Browser, Person
from backend_settings import settings_for
from flask_openapi.openapi import OpenAPI
from local_stack.postgres import Postgres, running_postgres
from local_stack.valkey import Valkey, running_valkey
from recording_mailer import RecordingMailer, running_recording_mailer
from reused_database import TEMPLATE, ReusedDatabase

from backend_server.app import create_app
from backend_server.config import Secret, Settings
from backend_server.migrations import migrate
from backend_server.services import EXTENSION, Services


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with running_postgres(tmp_path_factory.mktemp("postgres")) as server:
        migrate(Secret(server.create_database(TEMPLATE)))
        yield server


@pytest.fixture(scope="session")
def reused_database(postgres: Postgres) -> Iterator[ReusedDatabase]:
    database = ReusedDatabase(postgres)
    yield database
    database.drop()


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with running_valkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def valkey(valkey_server: Valkey) -> Iterator[redis.Redis]:
    """Empty."""
    with redis.Redis.from_url(valkey_server.url) as client:
        client.flushall()
        yield client


@pytest.fixture
def database_url(reused_database: ReusedDatabase) -> Iterator[str]:
    """Of a database of the test's own, migrated and empty."""
    yield reused_database.url()
    reused_database.empty()


@pytest.fixture
def mailer() -> Iterator[RecordingMailer]:
    with running_recording_mailer() as server:
        yield server


@pytest.fixture
def settings(
    database_url: str, valkey: redis.Redis, valkey_server: Valkey, mailer: RecordingMailer
) -> Settings:
    del valkey  # Emptied.
    return settings_for(
        DATABASE_URL=database_url, REDIS_URL=valkey_server.url, MAILER_ADDRESS=mailer.address
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[OpenAPI]:
    app = create_app(settings)
    app.testing = True
    yield app
    services_of(app).close()


@pytest.fixture
def services(app: OpenAPI) -> Services:
    return services_of(app)


def services_of(app: OpenAPI) -> Services:
    services: Services = app.extensions[EXTENSION]
    return services


@pytest.fixture
def visitor(app: OpenAPI) -> Browser:
    """Nobody in particular, not signed in."""
    return Browser(app)


@pytest.fixture
def alice(app: OpenAPI) -> Person:
    """A member, signed in."""
    return Person(app, "Alice").register().log_in()


@pytest.fixture
def bob(app: OpenAPI) -> Person:
    """Another member, signed in."""
    return Person(app, "Bob").register().log_in()


@pytest.fixture
def carol(app: OpenAPI) -> Person:
    """A third member, signed in."""
    return Person(app, "Carol").register().log_in()
