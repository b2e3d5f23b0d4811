"""Secrets are made once and handed to nobody who does not need them."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
DAY = 24 * 3600
# What is made here, not given by the operator.
ROTATED = (
    "session_key",
    "reset_code_key",
    "link_key",
    "service_token",
    "redis_password",
    "mailer_redis_password",
    "postgres_password",
    "decoupled_password",
    "heavy_computation_password",
)
SERVICES = (
    "backend_server",
    "heavy_computation",
    "mailer",
    "migrate",
    "postgres",
    "redis",
    "traefik",
)
KEYS = ("session_key", "reset_code_key", "link_key")


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
    values = [(folder / "kept" / name).read_text() for name in ROTATED]
    assert len(set(values)) == len(values)
    assert [value for value in values if len(bytes.fromhex(value)) < 32] == []


def test_kept_secrets_are_readable_by_their_owner_only(folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in (folder / "kept").glob("[a-z]*")} == {0o400}


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
    for key in KEYS:
        value = (folder / "kept" / key).read_text()
        holders = {path.parent.name for path in folder.glob("*/*") if is_file_with(path, value)}
        assert holders == {"kept", "backend_server"}


@pytest.mark.parametrize("name", [*KEYS, "service_token"])
def test_a_rotated_key_is_followed_by_the_one_before_it(folder: Path, name: str) -> None:
    before = (folder / "backend_server" / name).read_text()
    make_secrets(folder, "rotate", name)
    make_secrets(folder, "rotate", name)
    newest, middle, oldest = (folder / "backend_server" / name).read_text().splitlines()
    assert oldest == before
    assert len({newest, middle, oldest}) == 3


def test_every_service_learns_a_rotated_token(folder: Path) -> None:
    make_secrets(folder, "rotate", "service_token")
    services = ("backend_server", "heavy_computation", "mailer")
    assert len({(folder / each / "service_token").read_text() for each in services}) == 1


@pytest.mark.parametrize(
    ("name", "user"), [("redis_password", "backend_server"), ("mailer_redis_password", "mailer")]
)
def test_redis_takes_the_password_before_a_rotation_too(folder: Path, name: str, user: str) -> None:
    before = contents(folder)["redis/users.acl"]
    make_secrets(folder, "rotate", name)
    lines = contents(folder)["redis/users.acl"].splitlines()
    [users] = [line.split() for line in lines if line.startswith(f"user {user} ")]
    digests = [each for each in users if each.startswith("#")]
    assert len(digests) == 2
    assert digests[1] in before


def test_a_rotation_of_everything_changes_everything(folder: Path) -> None:
    before = contents(folder)
    make_secrets(folder, "rotate")
    after = contents(folder)
    assert [name for name in ROTATED if after[f"kept/{name}"] == before[f"kept/{name}"]] == []


def test_what_leaked_is_forgotten_at_once_when_told_so(folder: Path) -> None:
    make_secrets(folder, "rotate", "session_key")
    make_secrets(folder, "rotate", "session_key", "--forget")
    assert len((folder / "backend_server/session_key").read_text().splitlines()) == 1


@pytest.mark.parametrize(("age", "keys"), [(30 * DAY - 60, 2), (30 * DAY, 1)])
def test_an_older_session_key_is_known_as_long_as_a_session_may_live(
    folder: Path, age: int, keys: int
) -> None:
    make_secrets(folder, "rotate", "session_key")
    [retired] = (folder / "kept/retired").iterdir()
    retired.rename(retired.with_suffix(f".{time.time_ns() - age * 10**9}"))
    make_secrets(folder)
    assert len((folder / "backend_server/session_key").read_text().splitlines()) == keys


def test_what_the_operator_gives_reaches_its_service_alone(folder: Path) -> None:
    assert (folder / "mailer/resend_api_key").read_text() == ""
    make_secrets(folder, "give", "resend_api_key", given=b"re_given\n")
    assert (folder / "mailer/resend_api_key").read_text() == "re_given"
    holders = [path.parent.name for path in folder.glob("*/*") if is_file_with(path, "re_given")]
    assert sorted(holders) == ["kept", "mailer"]


def test_without_a_given_certificate_there_is_one_of_an_own_authority(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    authority = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.write_bytes(make_secrets(folder, "authority"))
    check = [
        "openssl",
        "verify",
        "-CAfile",
        str(authority),
        "-verify_hostname",
        "decoupled.example",
    ]
    subprocess.run([*check, str(folder / "traefik/certificate.pem")], check=True)


def test_another_domain_is_certified_by_the_same_authority(folder: Path) -> None:
    authority = make_secrets(folder, "authority")
    certificate = contents(folder)["traefik/certificate.pem"]
    make_secrets(folder, "certify", "other.example")
    assert make_secrets(folder, "authority") == authority
    assert contents(folder)["traefik/certificate.pem"] != certificate


def test_what_was_exported_is_imported_into_an_empty_box_and_no_other(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    make_secrets(folder, "rotate", "session_key")
    exported = make_secrets(folder, "export")
    empty = tmp_path_factory.mktemp("empty_box")
    (empty / "kept").mkdir()
    make_secrets(empty, "import", given=exported)
    assert contents(empty) == contents(folder)
    with pytest.raises(subprocess.CalledProcessError):
        make_secrets(empty, "import", given=exported)


def make_secrets(folder: Path, *command: str, given: bytes = b"") -> bytes:
    return subprocess.run(
        [sys.executable, "-m", "service_secrets", str(folder), *command],
        cwd=ROOT / "deploy/secrets",
        env={"PATH": os.environ["PATH"], "DOMAIN": "decoupled.example"},
        input=given,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def is_file_with(path: Path, text: str) -> bool:
    return path.is_file() and text in path.read_text()


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in files}
