"""The bills of materials name all that is in the locks, and nothing else. Bar S14."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bills")
    command = [sys.executable, "-m", "supply_chain.bill_of_materials", str(folder)]
    subprocess.run(command, cwd=ROOT / "deploy", check=True)
    return folder


def bill(folder: Path, image: str) -> dict[str, Any]:
    return json.loads((folder / f"{image}.cdx.json").read_text())


@pytest.mark.parametrize(
    "image", ["backend_server", "mailer", "backups", "client", "heavy_computation"]
)
def test_every_part_has_a_name_a_version_and_a_licence(folder: Path, image: str) -> None:
    parts = bill(folder, image)["components"]
    assert parts
    assert [part["name"] for part in parts if not (part["version"] and part["licenses"])] == []
    assert "unknown" not in json.dumps([part["licenses"] for part in parts])


@pytest.mark.parametrize("image", ["backend_server", "mailer"])
def test_a_python_image_holds_what_its_lock_says(folder: Path, image: str) -> None:
    lock = (ROOT / image / "requirements.lock").read_text()
    for part in bill(folder, image)["components"]:
        assert f"\n{part['name']}=={part['version']}" in f"\n{lock}"


def test_the_client_holds_no_tool_it_was_built_with(folder: Path) -> None:
    names = {part["name"] for part in bill(folder, "client")["components"]}
    assert "vue" in names
    assert names & {"vite", "typescript", "vitest", "playwright"} == set()


def test_heavy_computation_holds_no_test_tool_and_each_part_by_its_digest(folder: Path) -> None:
    lock = tomllib.loads((ROOT / "heavy_computation/Cargo.lock").read_text())["package"]
    digests = {each.get("checksum") for each in lock}
    parts = bill(folder, "heavy_computation")["components"]
    assert {"tantivy", "tonic"} <= {part["name"] for part in parts}
    assert "proptest" not in {part["name"] for part in parts}
    assert {part["hashes"][0]["content"] for part in parts} <= digests


def test_the_version_is_the_changelogs(folder: Path) -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert bill(folder, "mailer")["metadata"]["component"]["version"] == newest[1]


def test_the_licences_are_listed(folder: Path) -> None:
    assert re.search(
        r"^\| MIT \| \d+ \| .*vue ", (folder / "licences.md").read_text(), re.MULTILINE
    )


# A tool of the build names them for platforms it was never published for: there is nothing to hash.
UNPUBLISHED = {
    f"node_modules/@lix-js/sdk-{platform}"
    for platform in ("darwin-arm64", "linux-arm64", "win32-x64")
}


def test_no_lock_installs_what_its_hash_does_not_name() -> None:
    for lock in (
        "requirements.lock",
        "backend_server/requirements.lock",
        "mailer/requirements.lock",
    ):
        entries = re.split(r"\n(?=[a-zA-Z])", (ROOT / lock).read_text())
        assert [each for each in entries if "==" in each and "--hash=sha256:" not in each] == []
    packages = json.loads((ROOT / "client/package-lock.json").read_text())["packages"]
    unhashed = {path for path, each in packages.items() if path and "integrity" not in each}
    assert unhashed == UNPUBLISHED
