"""Each command in the operator's documents is there; docker_tests runs them."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from documented_commands import ROOT, USED_IN_A_TEST_OF_ITS_OWN, documented_commands

OPERATIONS = sorted(path.name for path in (ROOT / "deploy/operations").iterdir() if path.is_file())
USES = "\n".join(path.read_text() for path in sorted((ROOT / "deploy/docker_tests").glob("*.py")))


def of_operations() -> list[list[str]]:
    found = [shlex.split(command.partition("<")[0]) for command in documented_commands()]
    return [words for words in found if words[0].startswith("deploy/operations/")]


def test_every_operation_is_documented() -> None:
    assert {Path(words[0]).name for words in of_operations()} == set(OPERATIONS)


@pytest.mark.parametrize("words", of_operations(), ids=" ".join)
def test_a_documented_operation_takes_what_the_document_gives_it(words: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, str(ROOT / words[0]), "--help"], capture_output=True, text=True, check=True
    ).stdout
    options = [word for word in words[1:] if word.startswith("--")]
    assert [option for option in options if option not in said] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_used_in_a_test_with_docker(name: str) -> None:
    assert f'operate("{name}"' in USES or f'operate(\n            "{name}"' in USES


def test_what_is_said_to_be_tested_elsewhere_is_documented() -> None:
    commands = documented_commands()
    assert [
        prefix
        for prefix in USED_IN_A_TEST_OF_ITS_OWN
        if not any(command.startswith(prefix) for command in commands)
    ] == []
