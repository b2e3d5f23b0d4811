"""The promises of `make up`, with the real parts; the tests share one system where they can."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from launched import Launched, launched, local_stack, own_settings
from local_stack.demo.stories import read_closing_posts
from processes import wait_until_gone


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return own_settings(tmp_path_factory.mktemp("system"))


@pytest.fixture(scope="module")
def system(settings: dict[str, str]) -> Iterator[Launched]:
    with launched(settings) as system:
        yield system


def test_every_part_answers_behind_one_address(system: Launched) -> None:
    assert system.get("/api/health/ready")["data"] == {
        "postgres": "ok",
        "redis": "ok",
        "heavy_computation": "ok",
        "mailer": "ok",
    }


def test_the_log_names_each_part_and_says_where_to_look(system: Launched) -> None:
    log = system.log.read_text()
    for part in ("postgres", "migrate", "heavy_computation", "mailer", "worker", "web"):
        assert f"{part} | " in log
    assert f"Open       {system.running['web_url']}" in log
    assert "\033[" not in log


def test_generated_secrets_are_for_their_owner_only(system: Launched) -> None:
    secrets = list((system.state_folder / "secrets").iterdir())
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert {"SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY", "SERVICE_TOKEN"} <= {
        path.name for path in secrets
    }


def test_a_second_stack_in_the_same_folder_is_refused(system: Launched) -> None:
    answer = local_stack("up", own_settings(system.state_folder))
    assert answer.returncode == 2
    assert answer.stderr.strip() == (
        f"Another stack runs in {system.state_folder}: set STATE_FOLDER to another folder."
    )


@pytest.mark.usefixtures("system")
def test_a_taken_port_is_one_line_that_names_the_setting(
    settings: dict[str, str], tmp_path: Path
) -> None:
    answer = local_stack("up", {**own_settings(tmp_path), "WEB_PORT": settings["WEB_PORT"]})
    assert answer.returncode == 2
    port = settings["WEB_PORT"]
    assert answer.stderr.strip() == f"Port {port} is taken: set WEB_PORT to another one."


def test_the_demo_fills_the_place_once(system: Launched, settings: dict[str, str]) -> None:
    first = local_stack("demo", settings)
    assert first.returncode == 0, first.stderr
    second = local_stack("demo", settings)
    assert "already there" in second.stdout
    newest = system.get("/api/posts?limit=1")["data"][0]
    assert newest["title"] == read_closing_posts()[-1].story.title
    posts = system.get("/api/posts?limit=100")["data"]
    assert [post["created_at"] for post in posts] == sorted(
        (post["created_at"] for post in posts), reverse=True
    )


def test_a_part_that_dies_takes_its_stack_down_and_no_other(
    system: Launched, tmp_path: Path
) -> None:
    with launched(own_settings(tmp_path)) as other:
        family = other.family()
        os.kill(other.running["processes"]["mailer"], signal.SIGKILL)
        assert other.launcher.wait(30) == 1
        assert "mailer ended with signal 9." in other.log.read_text()
        assert wait_until_gone(family) == set()
    assert system.get("/api/health/ready")["data"]["mailer"] == "ok"


def test_stopping_goes_in_reverse_and_leaves_only_the_data(
    system: Launched, settings: dict[str, str]
) -> None:
    posts = system.get("/api/posts")["data"]
    family = system.family()
    assert system.end(signal.SIGINT) == 0
    assert wait_until_gone(family) == set()
    log = system.log.read_text()
    stopping = log[log.index("Stopping.") :]
    assert stopping.index("mailer") < stopping.index("postgres")
    assert log.rstrip().endswith("Stopped.")
    assert not (system.state_folder / "running.json").exists()
    with launched(settings) as again:
        assert again.get("/api/posts")["data"] == posts
        family = again.family()
        again.end(signal.SIGKILL)
        assert wait_until_gone(family) == set()
