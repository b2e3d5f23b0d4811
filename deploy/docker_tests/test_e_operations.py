"""Each of the operator's commands, used for what it is for, in the order of a system's life."""

import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from installed import Installed

PASSWORD = "correct-horse-battery"
PATIENCE_SECONDS = 120
MIGRATION = """
revision = "9001"
down_revision = "{newest}"

def upgrade():
    from backend_server.migrations import run_sql
    run_sql("create table came_with_the_upgrade (number int)")

def downgrade():
    from backend_server.migrations import run_sql
    run_sql("drop table came_with_the_upgrade")
"""


class Member:
    """Somebody whose browser stays open while the operator works."""

    def __init__(self, installed: Installed, name: str) -> None:
        self._installed, self.name = installed, name
        self.http = installed.visitor()

    def register(self) -> None:
        body = {"username": self.name, "password": PASSWORD, "email": f"{self.name}@decoupled.dev"}
        assert self.http.post("/api/auth/register", json=body).status_code == 201

    def log_in(self) -> None:
        body = {"username": self.name, "password": PASSWORD}
        assert self.http.post("/api/auth/login", json=body).status_code == 200

    def is_signed_in(self) -> bool:
        return self.http.get("/api/auth/session").status_code == 200

    def post(self, title: str) -> None:
        body = {"title": title, "content": f"{title}, said {self.name}."}
        assert self.http.post("/api/posts", json=body).status_code == 201

    def finds(self, word: str) -> bool:
        answer = self.http.get("/api/search/posts", params={"q": word})
        return answer.status_code == 200 and word in str(answer.json()["data"])

    def gets_a_reset_code(self) -> bool:
        """Which passes through the worker, the mailer and the outbox."""
        before = self.mails()
        self.http.post("/api/auth/send-reset-token", json={"email": f"{self.name}@decoupled.dev"})
        return eventually(lambda: self.mails() > before)

    def mails(self) -> int:
        address = {"to": f"{self.name}@decoupled.dev", "limit": 100}
        answer = httpx.get(f"{self._installed.inbox_url}/api/mails", params=address)
        return len(answer.json()["data"])


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def sql(installed: Installed, statement: str) -> str:
    psql = ("psql", "--username=postgres", "--tuples-only", "--no-align", "decoupled")
    return installed.compose("exec", "-T", "postgres", *psql, f"--command={statement}")


def status(installed: Installed) -> dict[str, list[str]]:
    """Subject → level and what was said."""
    lines = installed.try_to_operate("status").stdout.splitlines()
    return {
        words[1]: [words[0], words[-1]]
        for line in lines
        if len(words := line.split(maxsplit=2)) == 3
    }


@pytest.fixture(scope="module")
def alice(installed: Installed) -> Iterator[Member]:
    alice = Member(installed, "alice_of_the_box")
    with alice.http:
        alice.register()
        alice.log_in()
        alice.post("Xylophones")
        assert eventually(lambda: alice.finds("Xylophones"))
        yield alice


@pytest.mark.usefixtures("alice")
def test_a_system_that_is_well_says_so(installed: Installed) -> None:
    said = installed.operate("backup")
    assert str(installed.backups) in said
    lines = status(installed)
    assert {name: line for name, line in lines.items() if line[0] == "down"} == {}
    assert "good for" in lines["certificate"][1]
    assert lines["backup"][0] == "ok"
    assert lines["heavy_computation"][0] == "ok"


@pytest.mark.usefixtures("alice")
def test_nothing_of_a_backup_can_be_read_without_its_key(installed: Installed) -> None:
    sealed = list(installed.backups.glob("*/*.age"))
    assert len(sealed) >= 3
    for file in sealed:
        content = file.read_bytes()
        assert content.startswith(b"age-encryption.org/v1\n")
        assert b"Xylophones" not in content
        assert b"session_key" not in content


def test_every_secret_is_changed_and_nobody_is_signed_out(
    installed: Installed, alice: Member
) -> None:
    kept = ("run", "--rm", "-T", "--no-deps", "--entrypoint", "cat", "secrets")
    names = ("session_key", "decoupled_password", "redis_password", "service_token")
    before = {name: installed.compose(*kept, f"/secrets/kept/{name}") for name in names}
    installed.operate("rotate", "all")
    after = {name: installed.compose(*kept, f"/secrets/kept/{name}") for name in names}
    assert [name for name in names if before[name] == after[name]] == []
    assert alice.is_signed_in()
    alice.log_in()
    alice.post("Zeppelins")
    assert eventually(lambda: alice.finds("Zeppelins"))
    assert alice.gets_a_reset_code()
    refused = installed.compose(
        *(
            "exec",
            "-T",
            "--env",
            f"PGPASSWORD={before['decoupled_password']}",
            "postgres",
            "sh",
            "-c",
        ),
        "psql --host=127.0.0.1 --username=decoupled decoupled --command='select 1' 2>&1 || true",
    )
    assert "password authentication failed" in refused


def test_a_session_key_that_leaked_is_worth_nothing_at_once(installed: Installed) -> None:
    bob = Member(installed, "bob_of_the_box")
    with bob.http:
        bob.register()
        bob.log_in()
        installed.operate("rotate", "session_key", "--forget")
        assert not bob.is_signed_in()


def test_a_key_for_mail_is_handed_over_and_reaches_the_mailer_alone(installed: Installed) -> None:
    installed.operate("secret", "smtp_url", given="smtps://name:hunter2@mail.decoupled.invalid")
    read = ("exec", "-T", "mailer", "cat", "/run/secrets/smtp_url")
    assert "hunter2" in installed.compose(*read)
    logs = installed.compose("logs", "--no-color")
    assert "hunter2" not in logs
    assert "provider=smtp" in logs or '"provider": "smtp"' in logs
    installed.operate("secret", "smtp_url", given="")
    assert installed.compose(*read) == ""


def test_an_upgrade_brings_the_new_release_and_rollback_the_old_one(
    installed: Installed, alice: Member
) -> None:
    alice.log_in()
    before = status(installed)["release"][1]
    release(installed, "9.0.0")
    add_migration(installed)
    said = installed.operate("upgrade")
    assert "9.0.0" in said
    assert status(installed)["release"][1] == "9.0.0"
    assert sql(installed, "select count(*) from came_with_the_upgrade") == "0"
    assert alice.is_signed_in()
    alice.post("Written on nine")
    installed.operate("rollback")
    assert status(installed)["release"][1] == before
    assert sql(installed, "select to_regclass('came_with_the_upgrade')") == ""
    assert alice.is_signed_in()
    assert eventually(lambda: alice.finds("nine"))


def test_a_release_that_does_not_become_healthy_is_taken_back_by_itself(
    installed: Installed, alice: Member
) -> None:
    before = status(installed)["release"][1]
    release(installed, "9.1.0")
    serve = installed.root / "backend_server/src/backend_server/commands/serve.py"
    whole = serve.read_text()
    serve.write_text(f"{whole}\nraise SystemExit('broken')\n")
    done = installed.try_to_operate("upgrade")
    serve.write_text(whole)
    assert done.returncode == 1
    assert f"{before} runs again" in done.stdout
    assert status(installed)["release"][1] == before
    assert sql(installed, "select to_regclass('came_with_the_upgrade')") == ""
    assert alice.is_signed_in()


def test_a_backup_brings_everything_back_into_an_empty_box(
    installed: Installed, alice: Member
) -> None:
    alice.log_in()
    alice.post("Last words")
    token = sql(installed, "select count(*) from posts")
    installed.operate("backup")
    key = installed.root.parent / "key_kept_elsewhere.txt"
    (installed.root / "backup_key.txt").replace(key)
    installed.compose("down", "--volumes")
    (installed.root / ".env").unlink()
    said = installed.operate("restore", "--from", str(installed.backups), "--key", str(key))
    assert installed.url in said
    assert sql(installed, "select count(*) from posts") == token
    # Sessions are not in a backup: nobody gets back one that they had ended.
    assert not alice.is_signed_in()
    alice.log_in()
    assert eventually(lambda: alice.finds("Xylophones"))
    alice.post("Quokkas")
    assert eventually(lambda: alice.finds("Quokkas"))
    assert status(installed)["heavy_computation"][0] == "ok"


def test_a_restore_over_something_is_refused(installed: Installed) -> None:
    key = installed.root.parent / "key_kept_elsewhere.txt"
    done = installed.try_to_operate("restore", "--from", str(installed.backups), "--key", str(key))
    assert done.returncode == 1
    assert "There are secrets already" in done.stdout


def release(installed: Installed, version: str) -> None:
    changelog = installed.root / "CHANGELOG.md"
    changelog.write_text(
        re.sub(
            r"^## ", f"## {version}\n\n- Better.\n\n## ", changelog.read_text(), count=1, flags=re.M
        )
    )


def add_migration(installed: Installed) -> None:
    versions = installed.root / "backend_server/migrations/versions"
    newest = max(
        re.findall(r"^(\d{4})_", "\n".join(each.name for each in versions.glob("*.py")), re.M)
    )
    (versions / "9001_come_with_the_upgrade.py").write_text(MIGRATION.format(newest=newest))
