"""The operator's commands, as programs of their own against a running deployment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from backend_database import Tables
from backend_people import PASSWORD, Browser, Person
from backend_settings import ENVIRONMENT
from mailer.config import read_settings as read_mailer_settings
from mailer.server import MailerServer
from recording_mailer import RecordingMailer
from running_jobs import do_queued_jobs

from backend_server.config import Settings
from backend_server.services import Services

LEVELS = ("ok", "warning", "failure")

Operate = Callable[..., CompletedProcess[str]]


@pytest.fixture
def operate(settings: Settings) -> Operate:
    def run(*arguments: str, **changes: str) -> CompletedProcess[str]:
        environment = {
            **ENVIRONMENT,
            "PYTHONPATH": ":".join(sys.path),
            "DATABASE_URL": settings.database_url.reveal(),
            "REDIS_URL": settings.redis_url.reveal(),
            "MAILER_ADDRESS": str(settings.mailer_address),
            **changes,
        }
        return subprocess.run(
            [sys.executable, "-m", "backend_server", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def output_of(done: CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_a_reset_code_can_be_handed_over(operate: Operate, alice: Person) -> None:
    line = output_of(operate("member", "reset-code", "alice"))
    assert line.endswith(" resets the password of alice, once, for 10 minutes.")
    body = {"email": alice.email, "token": line[:6], "newPassword": "another-password"}
    assert alice.put("/auth/restart-password", body).status_code == 200
    assert alice.put("/auth/restart-password", body).status_code == 422


def test_a_code_handed_over_works_although_others_have_guessed(
    operate: Operate, alice: Person, tables: Tables
) -> None:
    tables.execute(
        "insert into reset_attempts (user_id) select id from users, generate_series(1, 15)"
    )
    code = output_of(operate("member", "reset-code", "Alice"))[:6]
    body = {"email": alice.email, "token": code, "newPassword": "another-password"}
    assert alice.put("/auth/restart-password", body).status_code == 200


def test_a_code_that_waits_to_be_mailed_replaces_the_one_handed_over(
    operate: Operate, alice: Person, services: Services, mailer: RecordingMailer
) -> None:
    alice.post("/auth/send-reset-token", {"email": alice.email})
    handed_over = output_of(operate("member", "reset-code", "Alice"))[:6]
    do_queued_jobs(services)
    mailed = mailer.sent("reset_code")[-1].reset_code.code
    body = {"email": alice.email, "token": handed_over, "newPassword": "another-password"}
    assert alice.put("/auth/restart-password", body).status_code == 422
    assert alice.put("/auth/restart-password", body | {"token": mailed}).status_code == 200


def test_an_address_can_be_vouched_for(operate: Operate, alice: Person) -> None:
    line = output_of(operate("member", "confirm", "Alice"))
    assert line == "alice@decoupled.dev is confirmed as the address of Alice."
    assert alice.get("/auth/session").get_json()["data"]["email_confirmed"]


def test_a_suspended_member_is_gone_until_reinstated(
    operate: Operate,
    alice: Person,
    bob: Person,
    visitor: Browser,
    services: Services,
    tables: Tables,
    mailer: RecordingMailer,
) -> None:
    tables.confirm_email("Alice", "Bob")
    bob.follow(alice)
    alice.follow(bob)
    post = alice.write()

    assert output_of(operate("member", "suspend", "alice")).startswith("alice is suspended")

    assert not alice.is_signed_in()
    refused = alice.try_to_log_in(PASSWORD)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "account_suspended")
    assert alice.try_to_log_in("wrong-password").status_code == 401
    paths = [f"/posts/{post['id']}", "/posts/Alice", "/users/Alice", "/users/Alice/followers"]
    assert {visitor.get(path).status_code for path in paths} == {404}
    for path in ("/posts", "/users?prefix=alice", "/users/Bob/followers"):
        assert visitor.get(path).get_json()["data"] == []
    assert bob.get("/feed").get_json()["data"] == []
    bob.write()
    do_queued_jobs(services)
    assert mailer.sent("new_post") == []
    assert tables.count("posts") == 2
    query = "select operation from changes where subject_id = %s order by number desc limit 1"
    assert tables.rows(query, post["id"]) == [("delete",)]

    assert output_of(operate("member", "suspend", "Alice")) == "Alice was suspended already."
    assert output_of(operate("member", "reinstate", "Alice")) == "Alice is back, with all posts."
    assert alice.log_in().is_signed_in()
    assert visitor.get(f"/posts/{post['id']}").status_code == 200
    assert tables.rows(query, post["id"]) == [("upsert",)]


def test_a_post_can_be_deleted(operate: Operate, alice: Person, visitor: Browser) -> None:
    post = alice.write()
    assert output_of(operate("post", "delete", post["id"])) == f"The post {post['id']} is deleted."
    assert visitor.get(f"/posts/{post['id']}").status_code == 404
    again = operate("post", "delete", post["id"])
    assert (again.returncode, again.stderr) == (1, f"There is no post {post['id']}.\n")


def test_alerts_are_listed(operate: Operate, tables: Tables) -> None:
    assert output_of(operate("alerts")) == "Resets were never shut."
    tables.execute(
        """insert into reset_breaker_alerts (opened_at, shut_until, counted_over, guesses)
           values ('2026-11-23 08:00Z', '2026-11-23 09:00Z', '1 hour', 201)"""
    )
    assert "2026-11-23 08:00:00 UTC: 201 wrong guesses" in output_of(operate("alerts"))


def test_who_is_nobody_is_said_to_be(operate: Operate) -> None:
    done = operate("member", "suspend", "nobody")
    assert (done.returncode, done.stderr) == (1, "There is no member called nobody.\n")


def test_a_part_that_is_down_is_named(operate: Operate) -> None:
    done = operate("member", "suspend", "x", DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "postgres does not answer.")


def findings(done: CompletedProcess[str]) -> dict[str, str]:
    lines = [line.split() for line in done.stdout.splitlines()]
    return {line[1]: line[0] for line in lines if line[0] in ("ok", "warning", "failure")}


def test_the_doctor_names_what_is_wrong(operate: Operate) -> None:
    done = operate("doctor", HEAVY_COMPUTATION_ADDRESS="127.0.0.1:1")
    assert done.returncode == 1
    found = findings(done)
    assert found["heavy_computation"] == "failure"
    for subject in ("database", "migrations", "clock", "secrets"):
        assert found[subject] == "ok", done.stdout


def test_the_doctor_knows_an_old_database(operate: Operate, tables: Tables) -> None:
    tables.execute("update alembic_version set version_num = '0003'")
    assert findings(operate("doctor"))["migrations"] == "failure"


def test_the_doctor_knows_a_database_that_was_never_set_up(
    operate: Operate, tables: Tables
) -> None:
    tables.execute("alter table alembic_version rename to elsewhere")
    try:
        assert findings(operate("doctor"))["migrations"] == "failure"
    finally:
        tables.execute("alter table elsewhere rename to alembic_version")


@pytest.mark.parametrize(
    ("proxies", "public_url", "level"),
    [
        ("", "https://decoupled.dev", "warning"),
        ("", "http://localhost:8080", "ok"),
        ("172.16.0.0/12", "https://decoupled.dev", "ok"),
        ("private", "https://decoupled.dev", "ok"),
        ("0.0.0.0/0", "http://localhost:8080", "failure"),
        ("172.16.0.0/12, ::/0", "https://decoupled.dev", "failure"),
    ],
)
def test_the_doctor_knows_proxies_that_anybody_could_claim_to_be(
    operate: Operate, proxies: str, public_url: str, level: str
) -> None:
    found = findings(operate("doctor", TRUSTED_PROXIES=proxies, PUBLIC_URL=public_url))
    assert found["proxies"] == level


def test_the_doctor_goes_on_when_a_part_is_down(operate: Operate) -> None:
    found = findings(operate("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/x"))
    assert found["database"] == "failure"
    assert found["secrets"] == "ok"


def test_the_doctor_knows_secrets_that_are_short_or_the_same(operate: Operate) -> None:
    key = ENVIRONMENT["SESSION_KEY"]
    assert findings(operate("doctor", LINK_KEY=key))["secrets"] == "failure"
    assert findings(operate("doctor", SERVICE_TOKEN="short"))["secrets"] == "failure"


@pytest.fixture
def outbox_mailer(tmp_path: Path, settings: Settings) -> Iterator[str]:
    """The address of a real one that keeps its mails in `tmp_path`."""
    variables = {
        "MAILER_BIND": "127.0.0.1:0",
        "INBOX_BIND": "127.0.0.1:0",
        "OUTBOX_FOLDER": str(tmp_path),
        "SERVICE_TOKEN": settings.service_token.newest.reveal(),
        "PUBLIC_URL": "https://decoupled.dev",
        "MAIL_FROM": "posts@decoupled.dev",
        "MAIL_FROM_ACCOUNTS": "accounts@decoupled.dev",
    }
    server = MailerServer(read_mailer_settings(variables))
    server.start()
    yield f"127.0.0.1:{server.port}"
    server.stop()


def test_a_mail_can_be_sent_to_see_whether_it_arrives(
    operate: Operate, outbox_mailer: str, tmp_path: Path
) -> None:
    line = output_of(operate("mail", "test", "me@decoupled.dev", MAILER_ADDRESS=outbox_mailer))
    assert line.startswith("The mail to me@decoupled.dev was accepted as ")
    assert len(list(tmp_path.glob("*.eml"))) == 1
    refused = operate("mail", "test", "nobody", MAILER_ADDRESS=outbox_mailer)
    assert (refused.returncode, refused.stderr) == (1, "nobody was refused: not an email address\n")


def test_the_doctor_of_mail_says_what_keeps_it_from_arriving(
    operate: Operate, outbox_mailer: str
) -> None:
    done = operate("mail", "doctor", MAILER_ADDRESS=outbox_mailer)
    first, *others = [line for line in done.stdout.splitlines() if line.startswith(LEVELS)]
    assert done.returncode == 0, done.stderr
    assert first.startswith("warning  provider: mails are kept in the outbox and not sent: set ")
    assert others[0] == "ok       queue account_mail: nothing waits"
    assert others[-1] == "ok       warm-up: no daily cap"


def test_the_doctor_of_mail_ends_with_1_when_a_queue_is_behind(
    operate: Operate, outbox_mailer: str, alice: Person, tables: Tables
) -> None:
    alice.post("/auth/send-reset-token", {"email": alice.email})
    tables.execute("update procrastinate_events set at = at - interval '1 hour'")
    done = operate("mail", "doctor", MAILER_ADDRESS=outbox_mailer)
    assert done.returncode == 1
    assert "failure  queue account_mail: " in done.stdout


def test_the_doctor_of_mail_tells_how_far_a_new_domain_is(
    operate: Operate, outbox_mailer: str
) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    settings = {"MAILER_ADDRESS": outbox_mailer, "MAIL_WARM_UP_SINCE": today}
    done = operate("mail", "doctor", **settings, MAIL_WARM_UP_CAPS="150,250")
    assert "ok       warm-up: 0 of 150 mails sent today" in done.stdout
    wrong = operate("mail", "doctor", **settings, MAIL_WARM_UP_CAPS="150,99")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("MAIL_WARM_UP_CAPS must be a whole number, 100 or more")


def test_without_a_mailer_the_commands_of_mail_say_so(operate: Operate) -> None:
    done = operate("mail", "doctor", MAILER_ADDRESS="127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.startswith("The mailer did not do it: UNAVAILABLE")
