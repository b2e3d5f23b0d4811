"""Everything that is shipped in an image and is not ours, from the locks it is built by."""

import base64
import json
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files, metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
# What the images run; a lock holds other machines' packages, too.
IMAGE = {"python_version": "3.13", "python_full_version": "3.13.0", "sys_platform": "linux"}
IMAGE |= {"platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}
IMAGE |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
TARGET = "x86_64-unknown-linux-gnu"
UNKNOWN = "unknown"
_CLASSIFIED = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


@dataclass(frozen=True, order=True)
class Part:
    # As package URLs name them: pypi, npm, cargo.
    kind: str
    name: str
    version: str
    # As its author writes it, mostly an SPDX expression.
    licence: str
    # In hexadecimal, of the archive in the lock.
    sha256: str | None = None
    sha512: str | None = None


def python_parts(lock: Path) -> Iterator[Part]:
    for line in re.sub(r"\\\n\s*", " ", lock.read_text()).splitlines():
        if not line or line.startswith(("#", " ")):
            continue
        requirement = Requirement(re.sub(r"\s*--hash=\S+", "", line))
        if requirement.marker and not requirement.marker.evaluate(IMAGE):
            continue
        version = str(requirement.specifier).removeprefix("==")
        yield Part("pypi", requirement.name, version, _python_licence(requirement.name))


def _python_licence(name: str) -> str:
    """As the installed package says, which has the lock's version."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return UNKNOWN
    classified = (_CLASSIFIED.fullmatch(each) for each in said.get_all("Classifier") or [])
    names = [match[1] for match in classified if match]
    # Some write the whole text where its name belongs.
    text = (said.get("License") or "").strip()
    written = said.get("License-Expression") or " AND ".join(names) or text.split("\n")[0]
    return written or _title_of_licence_file(name)


def _title_of_licence_file(name: str) -> str:
    texts = (each for each in files(name) or [] if each.name in ("LICENSE", "LICENSE.txt"))
    return next((text.read_text().strip().splitlines()[0] for text in texts), UNKNOWN)


def npm_parts(lock: Path) -> Iterator[Part]:
    packages: dict[str, Any] = json.loads(lock.read_text())["packages"]
    for path, package in packages.items():
        if path and not any(package.get(each) for each in ("dev", "optional", "devOptional")):
            digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
            name = path.rpartition("node_modules/")[2]
            licence = package.get("license", UNKNOWN)
            yield Part("npm", name, package["version"], licence, sha512=digest)


def cargo_parts(folder: Path) -> Iterator[Part]:
    """What is linked into the binary: neither tests' nor build scripts' own."""
    command = [
        "cargo",
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        TARGET,
    ]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    described = json.loads(done.stdout)
    packages = {package["id"]: package for package in described["packages"]}
    locked = tomllib.loads((folder / "Cargo.lock").read_text())["package"]
    digests = {(each["name"], each["version"]): each.get("checksum") for each in locked}
    for identity in _linked(described["resolve"]):
        package = packages[identity]
        name, version = package["name"], package["version"]
        if package["source"]:
            licence = (package["license"] or UNKNOWN).replace("/", " OR ")
            yield Part("cargo", name, version, licence, sha256=digests[name, version])


def _linked(resolved: dict[str, Any]) -> Iterable[str]:
    nodes = {node["id"]: node for node in resolved["nodes"]}
    found, waiting = set(), [resolved["root"]]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += [
                each["pkg"]
                for each in nodes[identity]["deps"]
                if any(kind["kind"] is None for kind in each["dep_kinds"])
            ]
    return found


def parts_of_images() -> dict[str, list[Part]]:
    """Image → its parts, without those of the base image."""
    return {
        "backend_server": sorted(python_parts(ROOT / "backend_server/requirements.lock")),
        "mailer": sorted(python_parts(ROOT / "mailer/requirements.lock")),
        "backups": sorted(python_parts(ROOT / "deploy/backups/requirements.lock")),
        "client": sorted(npm_parts(ROOT / "client/package-lock.json")),
        "heavy_computation": sorted(cargo_parts(ROOT / "heavy_computation")),
    }
