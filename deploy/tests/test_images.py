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


@every_dockerfile
def test_every_image_says_its_version_and_runs_as_somebody_without_rights(dockerfile: Path) -> None:
    last_stage = dockerfile.read_text().rpartition("\nFROM ")[2]
    assert re.search(
        r"^ARG VERSION\n(LABEL .*org.opencontainers.image.version=\$VERSION)", last_stage, re.M
    )
    [user] = re.findall(r"^USER (\d+):\d+$", last_stage, re.MULTILINE)
    assert int(user) >= 100


@every_dockerfile
def test_no_health_check_is_a_script_in_a_string(dockerfile: Path) -> None:
    checks = re.findall(r"^HEALTHCHECK .*", dockerfile.read_text(), re.MULTILINE)
    assert [line for line in checks if '"-c"' in line or "CMD [" not in line] == []


def test_both_python_services_generate_their_stubs_alike() -> None:
    stages = {
        re.search(r"^FROM \S+ AS stubs\n(.*?)^FROM", path.read_text(), re.MULTILINE | re.DOTALL)
        for path in (ROOT / "backend_server/Dockerfile", ROOT / "mailer/Dockerfile")
    }
    assert len({stage.group(1) for stage in stages if stage}) == 1
