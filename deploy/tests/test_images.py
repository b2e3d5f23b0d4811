"""Every image is built from exactly named parts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILES = sorted([*ROOT.glob("*/Dockerfile"), *ROOT.glob("deploy/*/Dockerfile")])
HADOLINT = Path(sys.executable).with_name("hadolint")
STAGE = re.compile(r"^FROM (?P<image>\S+)(?: AS (?P<name>\S+))?", re.MULTILINE)

every_dockerfile = pytest.mark.parametrize(
    "dockerfile", DOCKERFILES, ids=lambda path: str(path.relative_to(ROOT))
)


@every_dockerfile
def test_every_base_image_has_an_exact_tag(dockerfile: Path) -> None:
    stages = STAGE.findall(dockerfile.read_text())
    names = {name for _, name in stages}
    images = [image for image, _ in stages if image not in names]
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


@every_dockerfile
def test_python_packages_are_installed_by_hash_only(dockerfile: Path) -> None:
    installs = re.findall(r"pip install .*", dockerfile.read_text())
    assert [line for line in installs if "--require-hashes" not in line] == []


@every_dockerfile
def test_hadolint_finds_nothing(dockerfile: Path) -> None:
    check = subprocess.run([HADOLINT, str(dockerfile)], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


def test_both_python_services_generate_their_stubs_alike() -> None:
    stages = {
        re.search(r"^FROM \S+ AS stubs\n(.*?)^FROM", path.read_text(), re.MULTILINE | re.DOTALL)
        for path in (ROOT / "backend_server/Dockerfile", ROOT / "mailer/Dockerfile")
    }
    assert len({stage.group(1) for stage in stages if stage}) == 1
