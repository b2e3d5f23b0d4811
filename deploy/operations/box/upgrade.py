"""Brings the system to the release of this checkout, and back when that does not become healthy."""

import json
from pathlib import Path

from box import database, settings
from box.compose import ComposeBox
from box.install import remember_running
from box.programs import OperationError, run
from box.release import release_of


class RolledBackError(OperationError):
    """The new release did not become healthy, and the one before runs again."""


def upgrade(box: ComposeBox) -> str:
    """Returns the release. Raises `RolledBackError`."""
    release = release_of(box.root)
    before = settings.read(box.settings_file)["DECOUPLED_VERSION"]
    _previous(box).write_text(
        json.dumps({"release": before, "migration": database.migration(box)}) + "\n"
    )
    running = _running(box)
    if running.exists():
        # Until the new one is healthy, `running.json` still says what ran before.
        running.replace(running.with_name("previous_release.json"))
    settings.change(box.settings_file, {"DECOUPLED_VERSION": release})
    try:
        run(box.compose("--profile", "operations", "build", "--quiet"))
        box.start()
    except OperationError as error:
        roll_back(box)
        raise RolledBackError(
            f"{error}\n{release} did not become healthy; {before} runs again."
        ) from error
    remember_running(box)
    return release


def roll_back(box: ComposeBox) -> str:
    """Undoes the last upgrade: first the schema, by the new release, which knows the way back."""
    if not _previous(box).exists():
        raise OperationError("There was no upgrade to undo.")
    previous = json.loads(_previous(box).read_text())
    # Nothing of the new release writes while the schema goes back.
    run(box.compose("stop", "backend_server", "worker"))
    box.start("postgres")
    run(box.once("migrate", "migrate", previous["migration"]))
    settings.change(box.settings_file, {"DECOUPLED_VERSION": previous["release"]})
    before = _running(box).with_name("previous_release.json")
    if before.exists():
        files = ["--file", str(before)]
        run(box.compose(*files, "up", "--detach", "--wait", "--no-build", "--remove-orphans"))
        before.replace(_running(box))
    else:
        box.start()
    _previous(box).unlink()
    return str(previous["release"])


def _running(box: ComposeBox) -> Path:
    return box.root / ".operations/running.json"


def _previous(box: ComposeBox) -> Path:
    path = box.root / ".operations/previous.json"
    path.parent.mkdir(exist_ok=True)
    return path
