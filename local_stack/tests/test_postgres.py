import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from local_stack.accounts import running_as_root
from local_stack.child_processes import ChildFailedError
from local_stack.ports import free_port
from local_stack.postgres import Postgres, running_postgres
from local_stack.postgres_home import SHARED_FOLDER
from local_stack.process_table import descendants
from processes import wait_until_gone

needs_root = pytest.mark.skipif(
    not running_as_root(), reason="only root lends Postgres another account"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with running_postgres(tmp_path_factory.mktemp("server")) as server:
        yield server


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def test_the_owner_may_make_roles_but_is_no_superuser(server: Postgres) -> None:
    question = "select rolcreaterole and not rolsuper from pg_roles where rolname = current_user"
    assert ask(server.url, question) is True


def test_the_reader_is_a_member_of_published_reader_and_may_not_read_tables(
    server: Postgres,
) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("create table secrets as select 1")
    assert ask(server.published_url, "select pg_has_role('published_reader', 'member')") is True
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server.published_url, "select * from secrets")


def test_a_wrong_password_is_refused(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url, password="wrong")


def test_it_listens_on_the_loopback_interface_only(server: Postgres) -> None:
    url = server.superuser_url_of("postgres")
    assert ask(url, "show listen_addresses") == "127.0.0.1"
    assert ask(url, "show unix_socket_directories") == ""


def test_text_sorts_by_code_point_and_lower_case_knows_unicode(server: Postgres) -> None:
    assert ask(server.url, "select 'Z' < 'a' and lower('ÑÁ') = 'ñá'") is True


def test_a_database_can_be_copied_from_a_template(server: Postgres) -> None:
    original = server.create_database("original")
    with psycopg.connect(original) as connection:
        connection.execute("create table kept as select 7 as number")
    copy = server.create_database("copy", template="original")
    assert ask(copy, "select number from kept") == 7
    server.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_what_was_committed_survives_a_crash_and_a_new_start(tmp_path: Path) -> None:
    with running_postgres(tmp_path) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("create table kept as select 7 as number")
        server.kill()
        server.start()
        assert ask(server.url, "select number from kept") == 7
    with running_postgres(tmp_path) as server:
        assert ask(server.url, "select number from kept") == 7


def test_an_interrupted_first_start_is_begun_again(tmp_path: Path) -> None:
    with running_postgres(tmp_path) as server:
        home = server.data_folder.parent
    server.data_folder.rename(home / "data.new")
    with running_postgres(tmp_path) as server:
        assert ask(server.url, "select 1") == 1


def test_no_process_is_left_when_its_launcher_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local_stack.postgres", "--folder", tmp_path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout is not None
        url = launcher.stdout.readline().strip()
        assert ask(url, "select 1") == 1
        family = descendants(launcher.pid)
        launcher.kill()
    assert len(family) > 1
    assert wait_until_gone(family) == set()


def test_the_command_stops_when_its_input_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local_stack.postgres", "--folder", tmp_path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout is not None
        url = launcher.stdout.readline().strip()
        launcher.communicate()
    assert launcher.returncode == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with running_postgres(tmp_path / "first") as first:
        second = Postgres(tmp_path / "second", first.port)
        with pytest.raises(ChildFailedError, match="could not bind IPv4 address"):
            second.start()


@needs_root
def test_root_lends_it_another_account(server: Postgres) -> None:
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0


@needs_root
def test_behind_a_closed_door_the_data_goes_elsewhere_and_no_door_is_opened(
    tmp_path: Path,
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    state_folder = closed / "state"
    with running_postgres(state_folder) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("create table kept as select 7 as number")
        elsewhere = (state_folder / "postgres").readlink()
        assert elsewhere.parent == SHARED_FOLDER
    with running_postgres(state_folder) as server:
        assert ask(server.url, "select number from kept") == 7
    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
def test_data_elsewhere_is_deleted_once_its_state_folder_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with running_postgres(tmp_path / "forsaken"):
        elsewhere = (tmp_path / "forsaken" / "postgres").readlink()
    (tmp_path / "forsaken" / "postgres").unlink()
    with running_postgres(tmp_path / "next"):
        assert not elsewhere.exists()


def test_passwords_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    server = Postgres(tmp_path, free_port())
    assert server.url
    for path in (tmp_path / "secrets").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.stat().st_uid == os.geteuid()
