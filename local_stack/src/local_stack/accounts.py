"""Whom Postgres runs as: it refuses to be root, so root lends it an unprivileged account."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = 0
# A distribution's own Postgres user if there is one, else the account that owns nothing.
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        return self._passes("-x", folder)

    def can_run(self, program: Path) -> bool:
        return self._passes("-x", program)

    def give(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)

    def _passes(self, condition: str, path: Path) -> bool:
        # The kernel decides, as it knows about access lists and mounts too.
        check = subprocess.run(
            ["/usr/bin/test", condition, path],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return check.returncode == 0


def running_as_root() -> bool:
    return os.geteuid() == ROOT


def unprivileged_account(data_folder: Path) -> Account | None:
    """Whom root lends to Postgres: the owner of its data, once there is some.

    None when we are not root: Postgres runs as we do.
    """
    if not running_as_root():
        return None
    if data_folder.exists() and data_folder.stat().st_uid != ROOT:
        return _account(pwd.getpwuid(data_folder.stat().st_uid))
    for entry in pwd.getpwall():
        if entry.pw_name == CANDIDATES[0]:
            return _account(entry)
    return _account(pwd.getpwnam(CANDIDATES[1]))


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
