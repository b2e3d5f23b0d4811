"""A deployment for these tests, installed from a copy as an operator would, on its own ports."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from installed import HTTP_PORT, HTTPS_PORT, INBOX_PORT, PROJECT, Installed
from watched import Watched

ROOT = Path(__file__).parents[2]
# All people of the tests come from one address.
ROOM_FOR_EVERYBODY = {
    "REQUESTS_PER_SECOND": "2000",
    "SIGN_IN_FAILURES_PER_NETWORK": "100000",
    "REGISTRATIONS_PER_NETWORK": "100000",
    "RESET_REQUESTS_PER_NETWORK": "100000",
    "RESET_GUESSES_PER_NETWORK": "100000",
    "RESET_GUESSES_PER_HOUR": "100000",
}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("box")
    copy_checkout(folder / "decoupled")
    os.environ["COMPOSE_PROJECT_NAME"] = PROJECT
    installed = Installed(folder / "decoupled", folder / "backups")
    remove(installed)
    try:
        installed.operate(
            "install",
            *("--domain", "localhost", "--certificate", "local", "--no-mail"),
            *("--http-port", str(HTTP_PORT), "--https-port", str(HTTPS_PORT)),
            *("--inbox-port", str(INBOX_PORT), "--backup-place", str(installed.backups)),
        )
        installed.change_settings(ROOM_FOR_EVERYBODY)
        yield installed
    finally:
        remove(installed)


@pytest.fixture(scope="session")
def watched(installed: Installed) -> Iterator[Watched]:
    watched = Watched(installed)
    watched.start()
    yield watched
    watched.stop()


def copy_checkout(target: Path) -> None:
    """What git would hand over, with what is not committed yet."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    ):
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def remove(installed: Installed) -> None:
    for kind, removal in (
        ("container", ["rm", "--force", "--volumes"]),
        ("volume", ["rm"]),
        ("network", ["rm"]),
    ):
        options = ["--all"] if kind == "container" else []
        label = f"label=com.docker.compose.project={PROJECT}"
        listed = installed.docker(kind, "ls", *options, "--quiet", "--filter", label).split()
        if listed:
            installed.docker(kind, *removal, *listed)
