"""Every command in the operator's documents that no other test uses works as it stands there."""

import subprocess
import sys
from pathlib import Path

import pytest
from installed import OPERATION_SECONDS, PROJECT, Installed

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from documented_commands import commands_to_run

# Needs what a test has not: the mail provider's key, DNS, another machine.
MAY_FAIL = ("ssh ", "docker compose exec -T worker python -m backend_server mail doctor")


@pytest.mark.parametrize("command", commands_to_run())
def test_a_documented_command_works(installed: Installed, command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", command.replace("decoupled_", f"{PROJECT}_", 1)],
        cwd=installed.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=OPERATION_SECONDS,
    )
    if not command.startswith(MAY_FAIL):
        assert done.returncode == 0, done.stdout + done.stderr
