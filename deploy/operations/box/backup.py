"""A backup: the database at one moment, its secrets and the settings, each sealed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from box import database
from box.compose import ComposeBox
from box.places import Place
from box.programs import Command, OperationError, run, text_of

DATABASE, SECRETS, SETTINGS = "database.dump.age", "secrets.tar.age", "settings.env.age"
# Written last: a backup without it is not whole.
MANIFEST = "manifest.json"


def back_up(box: ComposeBox, place: Place, recipient: str, version: str) -> str:
    """Returns its name: when it was begun, in UTC. The system goes on meanwhile."""
    name = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}"
    seal = box.once("backups", "seal", recipient)
    migration = database.migration(box)
    place.write(f"{name}/{DATABASE}", database.dump(box), seal)
    place.write(f"{name}/{SECRETS}", box.once("secrets", "export"), seal)
    place.write(f"{name}/{SETTINGS}", ["cat", str(box.settings_file)], seal)
    manifest = {"version": version, "migration": migration, "made_at": name}
    place.write(f"{name}/{MANIFEST}", ["printf", "%s", json.dumps(manifest)])
    return name


def backups_in(place: Place) -> list[str]:
    """Whole ones, the oldest first."""
    files = [Path(name) for name in place.names()]
    return sorted(str(file.parent) for file in files if file.name == MANIFEST)


def keep_newest(place: Place, count: int) -> list[str]:
    """Deletes the others, the manifest first, and names them."""
    old = backups_in(place)[:-count]
    files = place.names()
    for backup in old:
        mine = [name for name in files if Path(name).parent == Path(backup)]
        for name in sorted(mine, key=lambda name: not name.endswith(MANIFEST)):
            place.delete(name)
    return old


def restore(
    box: ComposeBox, place: Place, name: str, key: str, *, own_settings: bool
) -> dict[str, Any]:
    """Into an empty box, or it raises `OperationError`; returns the backup's manifest.

    Args:
        own_settings: whether `.env` is to stay as it is, and not to be the backup's.
    """
    if name not in backups_in(place):
        raise OperationError(f"There is no whole backup called {name}.")
    manifest: dict[str, Any] = json.loads(text_of(place.read(f"{name}/{MANIFEST}")))

    def opened(file: str) -> list[Command]:
        return [
            place.read(f"{name}/{file}"),
            box.once("backups", "open", variables=("BACKUP_KEY",)),
        ]

    key_variable = {"BACKUP_KEY": key}
    if not own_settings:
        run(*opened(SETTINGS), to=box.settings_file, variables=key_variable)
    # Refused where there are secrets already.
    run(*opened(SECRETS), box.once("secrets", "import"), variables=key_variable)
    box.start("postgres")
    run(*opened(DATABASE), database.load(box), variables=key_variable)
    database.forget_changes(box)
    return manifest
