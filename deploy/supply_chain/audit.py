"""`python -m supply_chain.audit`: asks for known weaknesses of what is shipped.

Ends with 1 when there is a known weakness. What could not be asked is not called safe.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from supply_chain.parts import ROOT

PATIENCE_SECONDS = 120
LOCKS = ("backend_server", "mailer", "deploy/backups")


@dataclass(frozen=True)
class Answer:
    lock: str
    asked: str
    # None: no answer, and `said` tells why.
    weaknesses: list[str] | None = field(default=None)
    said: str = ""


def main() -> None:
    answers = [*(ask_pypi(ROOT / each) for each in LOCKS), ask_npm(), ask_rustsec()]
    for answer in answers:
        known = answer.weaknesses
        found = f"not reached: {answer.said}" if known is None else f"{len(known)} known"
        print(f"{answer.lock:<38} {answer.asked:<22} {found}")
        for weakness in known or []:
            print(f"  {weakness}")
    if any(answer.weaknesses for answer in answers):
        sys.exit(1)


def ask_pypi(folder: Path) -> Answer:
    lock = folder / "requirements.lock"
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    options = ["--format", "json", "--progress-spinner", "off", "--requirement", str(lock)]
    name, asked = str(lock.relative_to(ROOT)), "pip-audit (PyPI)"
    said, reason = output_of([*command, *options])
    try:
        parts = json.loads(said)["dependencies"]
    except (ValueError, KeyError):
        return Answer(name, asked, said=reason)
    if skipped := [part["name"] for part in parts if "skip_reason" in part]:
        return Answer(name, asked, said=f"no data about {len(skipped)} of {len(parts)} packages")
    return Answer(
        name,
        asked,
        [
            f"{part['name']} {part['version']}: {each['id']}"
            for part in parts
            for each in part["vulns"]
        ],
    )


def ask_npm() -> Answer:
    command = ["npm", "audit", "--prefix", str(ROOT / "client"), "--omit=dev"]
    said, reason = output_of([*command, "--package-lock-only", "--json"])
    name, asked = "client/package-lock.json", "npm audit"
    try:
        found = json.loads(said)
    except ValueError:
        return Answer(name, asked, said=reason)
    if "vulnerabilities" not in found:
        return Answer(name, asked, said=str(found.get("message", reason)))
    each = found["vulnerabilities"].values()
    return Answer(name, asked, [f"{one['name']}: {one['severity']}" for one in each])


def ask_rustsec() -> Answer:
    name, asked = "heavy_computation/Cargo.lock", "cargo audit (RustSec)"
    if not shutil.which("cargo-audit"):
        return Answer(name, asked, said="cargo-audit is not installed (cargo install cargo-audit)")
    lock = str(ROOT / "heavy_computation/Cargo.lock")
    said, reason = output_of(["cargo", "audit", "--json", "--file", lock])
    try:
        found = json.loads(said)["vulnerabilities"]["list"]
    except (ValueError, KeyError):
        return Answer(name, asked, said=reason)
    return Answer(
        name, asked, [f"{one['package']['name']}: {one['advisory']['id']}" for one in found]
    )


def output_of(command: list[str]) -> tuple[str, str]:
    """Standard output, and the last line of the other one for when the first says nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return "", f"no answer in {PATIENCE_SECONDS} seconds"
    return done.stdout, (done.stderr.strip().splitlines() or ["it said nothing"])[-1]


if __name__ == "__main__":
    main()
