"""Backup, restore and rotation do what they say. deploy/docker_tests does them with Docker."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from backend_server.config import Secret
from box import database, settings
from box.backup import back_up, backups_in, keep_newest, restore
from box.places import Folder, Place, Store
from box.programs import OperationError, run, text_of
from box.release import version_of
from fake_store import ACCESS_KEY, running_store
from local_box import LocalBox
from local_stack.postgres import Postgres, running_postgres

from backend_server.migrations import migrate

ROOT = Path(__file__).parents[2]
# Not one part of an upload but two.
LARGE = 9_000_000


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with running_postgres(tmp_path_factory.mktemp("postgres")) as server:
        migrate(Secret(server.url))
        with psycopg.connect(server.url) as connection:
            connection.execute(
                "insert into users (username, username_key, email, email_key, password_hash)"
                " values ('Alice', 'alice', 'a@decoupled.dev', 'a@decoupled.dev', 'x')"
            )
        yield server


@pytest.fixture
def box(tmp_path: Path, postgres: Postgres) -> LocalBox:
    box = LocalBox(tmp_path / "box", postgres)
    box.settings_file.write_text("DOMAIN=decoupled.example\n")
    text_of(box.once("secrets", "give", "resend_api_key"), given="re_given")
    return box


@pytest.fixture
def key(box: LocalBox) -> str:
    return text_of(box.once("backups", "new-key"))


def recipient_of(key: str) -> str:
    return re.findall("age1[a-z0-9]+", key)[0]


@pytest.fixture(params=["folder", "store"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, box: LocalBox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    if request.param == "folder":
        yield Folder(tmp_path / "backups")
        return
    with running_store() as store:
        variables = {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": "what it is signed with",
            "AWS_REGION": "here",
            "AWS_ENDPOINT_URL": store.url,
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield Store(box, "s3://bucket/backups")


def test_a_backup_brings_back_data_secrets_and_settings(
    box: LocalBox, key: str, place: Place, tmp_path: Path
) -> None:
    name = back_up(box, place, recipient_of(key), "0.1.0")
    with running_postgres(tmp_path / "other_postgres") as other:
        empty = LocalBox(tmp_path / "empty_box", other)
        manifest = restore(empty, place, name, key, own_settings=False)
        with psycopg.connect(other.url) as connection:
            assert connection.execute("select username from users").fetchall() == [("Alice",)]
            assert connection.execute("select count(*) from changes").fetchone() == (0,)
        with psycopg.connect(other.published_url) as connection:
            connection.execute("select from published.posts")
    assert manifest["migration"] == database.migration(box)
    assert (empty.secrets / "mailer/resend_api_key").read_text() == "re_given"
    assert settings.read(empty.settings_file) == {"DOMAIN": "decoupled.example"}
    assert empty.started == ["postgres"]
    with pytest.raises(OperationError):
        restore(empty, place, name, key, own_settings=True)


def test_a_backup_that_was_interrupted_is_none(box: LocalBox, key: str, place: Place) -> None:
    class BrokenBox(LocalBox):
        def once(self, service: str, *command: str, variables: tuple[str, ...] = ()) -> list[str]:
            return (
                ["false"]
                if service == "secrets"
                else super().once(service, *command, variables=variables)
            )

    broken = BrokenBox(box.root / "broken", box._postgres)  # noqa: SLF001 - the same server
    broken.settings_file.write_text("DOMAIN=decoupled.example\n")
    with pytest.raises(OperationError):
        back_up(broken, place, recipient_of(key), "0.1.0")
    assert backups_in(place) == []


def test_large_content_arrives_as_it_was(box: LocalBox, key: str, place: Place) -> None:
    plain = box.root / "large"
    plain.write_bytes(bytes(range(250)) * (LARGE // 250))
    seal = box.once("backups", "seal", recipient_of(key))
    place.write("one/large.age", ["cat", str(plain)], seal)
    opened = box.root / "opened"
    run(
        place.read("one/large.age"),
        box.once("backups", "open", variables=("BACKUP_KEY",)),
        to=opened,
        variables={"BACKUP_KEY": key},
    )
    assert opened.read_bytes() == plain.read_bytes()


def test_another_key_opens_nothing(box: LocalBox, key: str, tmp_path: Path) -> None:
    place = Folder(tmp_path / "backups")
    name = back_up(box, place, recipient_of(key), "0.1.0")
    other_key = text_of(box.once("backups", "new-key"))
    empty = LocalBox(tmp_path / "empty_box", box._postgres)  # noqa: SLF001 - nothing reaches it
    with pytest.raises(OperationError):
        restore(empty, place, name, other_key, own_settings=False)
    assert not empty.settings_file.exists()
    assert list((empty.secrets / "kept").iterdir()) == []


def test_only_the_newest_backups_are_kept(place: Place) -> None:
    for day in range(1, 6):
        for file in ("database.dump.age", "manifest.json"):
            place.write(f"2026-01-0{day}T00-00-00Z/{file}", ["printf", "{}"])
    assert keep_newest(place, 2) == [f"2026-01-0{day}T00-00-00Z" for day in (1, 2, 3)]
    assert {name.partition("/")[0] for name in place.names()} == {
        "2026-01-04T00-00-00Z",
        "2026-01-05T00-00-00Z",
    }


def test_new_passwords_reach_the_database(
    box: LocalBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(box.once("secrets", "rotate"))
    # Where a container finds them.
    here = database.NEW_PASSWORDS.replace("/run/secrets", str(box.secrets / "postgres"))
    monkeypatch.setattr(database, "NEW_PASSWORDS", here)
    with running_postgres(tmp_path / "other_postgres") as other:
        owner = LocalBox(tmp_path / "other_box", other)
        database.set_passwords(owner)
        for role in ("postgres", "decoupled", "heavy_computation"):
            new = (box.secrets / f"postgres/{role}_password").read_text()
            url = urlsplit(other.url)
            psycopg.connect(
                host=url.hostname, port=url.port, user=role, password=new, dbname="postgres"
            ).close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(other.url)


def test_a_changed_setting_leaves_the_comments_where_they_are(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# About A.\nA=1\n\n# About B.\nB=2\n")
    settings.change(file, {"A": r"C:\new", "C": "3"})
    assert file.read_text() == "# About A.\nA=C:\\new\n\n# About B.\nB=2\nC=3\n"


def test_the_version_is_the_changelogs_newest() -> None:
    assert f"## {version_of(ROOT)}" in (ROOT / "CHANGELOG.md").read_text()
