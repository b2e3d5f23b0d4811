"""All that is kept about a member, for the member."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from backend_database import Tables
from backend_people import PASSWORD, Browser, Person
from backend_settings import NOWHERE
from running_jobs import do_queued_jobs

from backend_server.app import create_app
from backend_server.config import Secret, Settings
from backend_server.services import Services


def test_an_export_holds_all_that_is_kept_about_oneself(
    alice: Person, bob: Person, services: Services, tables: Tables
) -> None:
    tables.confirm_email("Alice")
    alice.follow(bob, mail="digest")
    bob.follow(alice)
    written = [alice.write(f"Post {number}", 'a "quote"') for number in range(3)]
    answer = alice.get("/users/me/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    export = answer.get_json()
    assert export["account"][0]["email"] == "alice@decoupled.dev"
    assert "password_hash" not in answer.text
    assert [each["id"] for each in export["posts"]] == [each["id"] for each in written]
    assert [each["username"] for each in export["following"]] == ["Bob"]
    assert [each["username"] for each in export["followers"]] == ["Bob"]
    assert len(export["sessions"]) == 1
    assert services.settings.session_key.newest.reveal() not in answer.text


def test_an_export_of_many_posts_is_whole(alice: Person, tables: Tables) -> None:
    tables.execute(
        """insert into posts (author_id, title, content)
           select id, 'title ' || number, repeat('é', 500)
           from users, generate_series(1, 5000) number"""
    )
    export = alice.get("/users/me/export").get_json()
    assert len({each["id"] for each in export["posts"]}) == 5000
    assert len(export["posts"]) == 5000


# account, following and followers, mails
_IN_OTHER_WORDS: Final = {"users", "follows", "deliveries"}


def test_an_export_looks_into_every_table_that_knows_members(alice: Person, tables: Tables) -> None:
    export = alice.get("/users/me/export").get_json()
    looked_into = {*export, *_IN_OTHER_WORDS}
    for table, column in tables.columns_with_members():
        assert table in looked_into, column


def test_an_export_tells_what_else_is_known(
    alice: Person, services: Services, tables: Tables
) -> None:
    alice.patch("/users/me", {"email": "new@decoupled.dev", "currentPassword": PASSWORD})
    alice.post("/auth/send-reset-token", {"email": "alice@decoupled.dev"})
    do_queued_jobs(services)
    alice.put(
        "/auth/restart-password",
        {"email": "alice@decoupled.dev", "token": "000000", "newPassword": "long-enough"},
    )
    alice.post(
        "/posts", {"title": "Once", "content": "Only"}, headers={"Idempotency-Key": "my-key"}
    )
    tables.execute(
        "insert into suppressed_addresses (email_key, reason) values (%s, 'bounced')",
        "alice@decoupled.dev",
    )
    export = alice.get("/users/me/export").get_json()
    assert "new@decoupled.dev" in [each["email"] for each in export["email_confirmations"]]
    assert len(export["password_resets"]) == 1
    assert len(export["reset_codes_issued"]) == 1
    assert len(export["reset_attempts"]) == 1
    assert [each["key"] for each in export["idempotency_keys"]] == ["my-key"]
    assert [each["reason"] for each in export["suppressed_addresses"]] == ["bounced"]


def test_an_export_without_the_database_is_an_error_not_a_beginning(
    alice: Person, settings: Settings
) -> None:
    app = create_app(replace(settings, database_url=Secret(f"postgresql://{NOWHERE}/nowhere")))
    browser, cookie = Browser(app), alice.client.get_cookie("session")
    assert cookie
    browser.client.set_cookie("session", cookie.value)
    assert browser.get("/users/me/export").status_code == 503
    app.extensions["services"].close()
