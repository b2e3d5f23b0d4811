import os
import subprocess
from pathlib import Path

import pytest
from local_stack.accounts import Account
from local_stack.postgres_home import PACKAGES, programs_for


class ShutOut(Account):
    """An account that cannot reach the installed programs."""

    def can_run(self, program: Path) -> bool:
        return not program.is_relative_to(PACKAGES)


def test_programs_out_of_reach_are_copied_and_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_stack.postgres_home.SHARED_FOLDER", tmp_path)
    programs = programs_for(ShutOut("somebody", os.getuid(), os.getgid()))
    assert programs.is_relative_to(tmp_path)
    for program in ("postgres", "initdb"):
        subprocess.run([programs / program, "--version"], check=True, capture_output=True)
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o755}


def test_programs_within_reach_are_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_stack.postgres_home.SHARED_FOLDER", tmp_path)
    programs = programs_for(None)
    assert programs.is_relative_to(PACKAGES)
    assert list(tmp_path.iterdir()) == []
