"""What the mail provider tells by webhook, through a real mailer that checks its signature."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Iterator, Sequence

import pytest
from backend_database import Tables
from backend_people import Browser, Person
from backend_settings import ENVIRONMENT, settings_for
from flask_openapi.openapi import OpenAPI
from mailer.config import read_settings as read_mailer_settings
from mailer.server import MailerServer
from psycopg_pool import AsyncConnectionPool
from running_jobs import do_queued_jobs
from system_tests.fake_resend import API_KEY, FakeResend
from system_tests.fake_resend.webhooks import WEBHOOK_SECRET, bounce, event, signed
from werkzeug.test import TestResponse

from backend_server import old_rows
from backend_server.config import Settings
from backend_server.services import EXTENSION, Services

PUBLIC_URL = "https://decoupled.dev"


@pytest.fixture
def resend() -> Iterator[FakeResend]:
    with FakeResend(calls_per_second=1_000) as fake:
        yield fake


@pytest.fixture
def mailer_server(resend: FakeResend) -> Iterator[MailerServer]:
    server = MailerServer(
        read_mailer_settings(
            {
                "MAILER_BIND": "127.0.0.1:0",
                "SERVICE_TOKEN": ENVIRONMENT["SERVICE_TOKEN"],
                "PUBLIC_URL": PUBLIC_URL,
                "MAIL_FROM": "posts@decoupled.dev",
                "MAIL_FROM_ACCOUNTS": "accounts@decoupled.dev",
                "RESEND_API_KEY": API_KEY,
                "RESEND_API_URL": resend.url,
                "RESEND_CALLS_PER_SECOND": "1000",
                "RESEND_WEBHOOK_SECRET": WEBHOOK_SECRET,
            }
        )
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(settings: Settings, mailer_server: MailerServer) -> Settings:
    return settings_for(
        DATABASE_URL=settings.database_url.reveal(),
        REDIS_URL=settings.redis_url.reveal(),
        MAILER_ADDRESS=f"127.0.0.1:{mailer_server.port}",
    )


class Provider:
    """Calls the webhook as Resend does, and has the worker do what follows."""

    def __init__(self, app: OpenAPI) -> None:
        self._client = app.test_client()
        self._services: Services = app.extensions[EXTENSION]
        self._numbers = itertools.count()

    def tell(self, body: bytes, event_id: str | None = None) -> None:
        answer = self.call(body, signed(body, event_id or f"msg_{next(self._numbers)}"))
        assert answer.status_code == 200, answer.text
        do_queued_jobs(self._services)

    def call(self, body: bytes, headers: dict[str, str]) -> TestResponse:
        return self._client.post(
            "/webhooks/resend", data=body, headers=headers, content_type="application/json"
        )


@pytest.fixture
def provider(app: OpenAPI) -> Provider:
    return Provider(app)


@pytest.fixture
def sent(alice: Person, bob: Person, services: Services, tables: Tables) -> str:
    """The id of a mail to Bob about a post of Alice."""
    tables.confirm_email("Bob")
    # What happened before an address was confirmed says nothing about it.
    tables.execute("update users set email_confirmed_at = '2026-01-01'")
    bob.follow(alice)
    alice.write()
    do_queued_jobs(services)
    accepted_id: str = tables.value("select accepted_id from deliveries")
    return accepted_id


def state(tables: Tables) -> str:
    state: str = tables.value("select state from deliveries")
    return state


def test_a_delivered_mail_is_known_as_delivered(
    provider: Provider, sent: str, tables: Tables
) -> None:
    provider.tell(event("email.delivered", sent, to="bob@decoupled.dev"))

    assert state(tables) == "delivered"
    assert tables.count("suppressed_addresses") == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bounce("Permanent", "", to="bob@decoupled.dev"), "bounced"),
        (event("email.complained", "", to="Bob@Decoupled.dev"), "complained"),
        (event("email.suppressed", "", to="bob@decoupled.dev"), "suppressed"),
    ],
)
def test_an_address_that_fails_or_complains_gets_no_more_mail(
    provider: Provider,
    alice: Person,
    sent: str,
    services: Services,
    tables: Tables,
    resend: FakeResend,
    body: bytes,
    reason: str,
) -> None:
    provider.tell(body.replace(b'"email_id": ""', f'"email_id": "{sent}"'.encode()))

    assert tables.value("select reason from suppressed_addresses") == reason
    before = len(resend.accepted())
    alice.write("Another")
    do_queued_jobs(services)
    assert len(resend.accepted()) == before


def test_a_delayed_mail_changes_nothing(provider: Provider, sent: str, tables: Tables) -> None:
    provider.tell(event("email.delivery_delayed", sent, to="bob@decoupled.dev"))

    assert state(tables) == "accepted"
    assert tables.count("suppressed_addresses") == 0


EVENTS = [
    ("msg_a", event("email.delivered", "ID", "bob@decoupled.dev", "2026-11-23T08:12:31Z")),
    ("msg_b", event("email.complained", "ID", "bob@decoupled.dev", "2026-11-23T08:12:33Z")),
    ("msg_c", event("email.delivery_delayed", "ID", "bob@decoupled.dev", "2026-11-23T08:12:30Z")),
]


@pytest.mark.parametrize("order", list(itertools.permutations(EVENTS)))
def test_events_in_any_order_and_doubled_come_to_the_same(
    provider: Provider, sent: str, tables: Tables, order: Sequence[tuple[str, bytes]]
) -> None:
    for event_id, body in (*order, order[0]):
        provider.tell(body.replace(b"ID", sent.encode()), event_id)

    assert state(tables) == "complained"
    assert tables.value("select reason from suppressed_addresses") == "complained"
    assert tables.count("webhook_events") == 3


def test_an_address_that_failed_for_good_stays_so_when_the_event_is_forgotten(
    provider: Provider, sent: str, tables: Tables
) -> None:
    provider.tell(bounce("Permanent", sent, to="bob@decoupled.dev"))
    tables.execute("delete from webhook_events")
    provider.tell(event("email.delivered", sent, to="bob@decoupled.dev"))

    assert tables.value("select reason from suppressed_addresses") == "bounced"


def test_an_event_that_comes_before_its_mail_is_known_is_not_lost(
    provider: Provider, alice: Person, bob: Person, services: Services, tables: Tables
) -> None:
    tables.confirm_email("Bob")
    bob.follow(alice)
    alice.write()
    do_queued_jobs(services)
    accepted_id = tables.value("select accepted_id from deliveries")
    # As between the provider's answer and our commit.
    tables.execute("update deliveries set state = 'waiting', accepted_id = null")
    tables.execute("update delivery_chunks set state = 'waiting'")
    provider.tell(event("email.delivered", accepted_id, to="bob@decoupled.dev"))
    tables.execute("update procrastinate_jobs set status = 'todo' where queue_name = 'delivery'")
    do_queued_jobs(services)

    assert state(tables) == "delivered"


# https://resend.com/docs/dashboard/webhooks/retries-and-replays: at once, then after these pauses.
PAUSES_SECONDS = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600]


def test_an_event_counts_once_however_long_the_provider_repeats_it(
    provider: Provider, sent: str, services: Services, tables: Tables
) -> None:
    body = bounce("Permanent", sent, to="bob@decoupled.dev")
    for pause in [0, *PAUSES_SECONDS]:
        # Everything is that much older when it is told again, signed anew.
        tables.execute(
            "update webhook_events set received_at = received_at - make_interval(secs => %s)", pause
        )
        clean_up(services)
        provider.tell(body, "msg_again")

    assert tables.count("webhook_events") == 1
    assert tables.count("mail_events") == 1
    assert tables.rows("select reason from suppressed_addresses") == [("bounced",)]
    applied = "select count(*) from procrastinate_jobs where queue_name = 'mail_events'"
    assert tables.value(applied) == 1


def test_an_event_is_not_taken_while_nobody_can_tell_who_signed_it(
    provider: Provider, sent: str, tables: Tables, mailer_server: MailerServer
) -> None:
    body = bounce("Permanent", sent, to="bob@decoupled.dev")
    mailer_server.stop()
    answer = provider.call(body, signed(body, "msg_1"))

    # Neither taken nor refused for good, so the provider tries again.
    assert answer.status_code == 503
    assert tables.count("webhook_events") == 0


def clean_up(services: Services) -> None:
    """As the worker does every ten minutes."""

    async def run() -> None:
        url = services.settings.database_url.reveal()
        async with AsyncConnectionPool(url, open=False) as pool:
            await old_rows.delete_old_rows(pool)

    asyncio.run(run())


def test_the_raw_event_is_kept_as_it_came(provider: Provider, tables: Tables) -> None:
    body = event("email.opened", "x", subject="a \u0000 that jsonb refuses")

    provider.tell(body)

    assert tables.rows("select id, body from webhook_events") == [("msg_0", body)]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"another body"),
        {"svix-id": "msg_1", "svix-timestamp": "1", "svix-signature": "v1,"},
    ],
    ids=["unsigned", "other body", "old"],
)
def test_what_the_provider_did_not_sign_has_no_effect(
    provider: Provider, sent: str, tables: Tables, headers: dict[str, str]
) -> None:
    answer = provider.call(bounce("Permanent", sent), headers)

    assert answer.status_code == 403
    assert answer.get_json()["code"] == "forged_webhook"
    assert tables.count("webhook_events") == 0
    assert tables.count("suppressed_addresses") == 0


def test_signed_nonsense_is_a_bad_request(provider: Provider, tables: Tables) -> None:
    body = b'{"type": "email.bounced", "data": 1}'

    answer = provider.call(body, signed(body, str(uuid.uuid4())))

    assert answer.status_code == 400
    assert tables.count("webhook_events") == 0


def test_a_webhook_is_not_taken_from_a_page(visitor: Browser, tables: Tables) -> None:
    body = event("email.complained", "x")

    answer = visitor.client.post(
        "/webhooks/resend",
        data=body,
        headers=signed(body) | {"Sec-Fetch-Site": "cross-site"},
        content_type="application/json",
    )

    assert answer.status_code == 403
    assert tables.count("webhook_events") == 0
