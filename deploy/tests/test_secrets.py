"""Secrets are made once and handed to nobody who does not need them."""

import hashlib
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("backend_server", "heavy_computation", "mailer", "migrate", "postgres", "redis")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kept", *SERVICES):
        (tmp_path / name).mkdir()
    make_secrets(tmp_path)
    return tmp_path


def test_a_second_start_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    make_secrets(folder)
    assert contents(folder) == before


def test_a_lost_folder_of_a_service_is_written_again(folder: Path) -> None:
    before = contents(folder)
    for path in (folder / "backend_server").iterdir():
        path.unlink()
    make_secrets(folder)
    assert contents(folder) == before


def test_no_two_kept_secrets_are_equal_or_guessable(folder: Path) -> None:
    values = [path.read_text() for path in (folder / "kept").iterdir()]
    assert len(set(values)) == len(values)
    assert [value for value in values if len(bytes.fromhex(value)) < 32] == []


def test_kept_secrets_are_readable_by_their_owner_only(folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in (folder / "kept").iterdir()} == {0o400}


def test_the_database_knows_the_passwords_in_the_urls(folder: Path) -> None:
    for service, variable, role in (
        ("backend_server", "database_url", "decoupled"),
        ("migrate", "database_url", "decoupled"),
        ("heavy_computation", "published_database_url", "heavy_computation"),
    ):
        url = urlsplit((folder / service / variable).read_text())
        assert url.username == role
        assert url.password == (folder / "postgres" / f"{role}_password").read_text()


def test_redis_is_told_only_the_hash_of_the_password(folder: Path) -> None:
    password = urlsplit((folder / "backend_server/redis_url").read_text()).password or ""
    access_list = (folder / "redis/users.acl").read_text()
    assert hashlib.sha256(password.encode()).hexdigest() in access_list
    assert password not in access_list


def test_redis_replays_its_log_as_a_user_with_all_rights_whom_nobody_can_be(folder: Path) -> None:
    users = (folder / "redis/users.acl").read_text().splitlines()
    assert "user default off resetpass ~* &* +@all" in users


def test_only_backend_server_can_sign_sessions_and_links(folder: Path) -> None:
    for key in ("session_key", "reset_code_key", "link_key"):
        value = (folder / "kept" / key).read_text()
        holders = {path.parent.name for path in folder.glob("*/*") if value in path.read_text()}
        assert holders == {"kept", "backend_server"}


def make_secrets(folder: Path) -> None:
    script = ROOT / "deploy/secrets/make_secrets.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True)


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.glob("*/*")}
