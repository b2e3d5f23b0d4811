"""Takes one protection after another out of a copy of backend_server, and sees its tests fail.

A test that goes on passing without what it is there for proves nothing. First all of the tests
must pass with everything in place. `--only S5` tries the protections of one bar.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BACKEND = Path("backend_server")
PACKAGE = Path("src/backend_server")
LISTED = Path(__file__).with_name("protections.toml")
# pytest's own codes.
ALL_PASSED, SOME_FAILED = 0, 1

Protection = Mapping[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", help="a bar, such as S5")
    only = parser.parse_args().only
    listed = tomllib.loads(LISTED.read_text())["protection"]
    protections = [each for each in listed if only in (None, each["bar"])]
    if run({test for each in protections for test in each["tests"]}, BACKEND) != ALL_PASSED:
        print("FAILED  with everything in place")
        return 1
    are_missed = [is_missed(protection) for protection in protections]
    return 0 if all(are_missed) else 1


def is_missed(protection: Protection) -> bool:
    """Whether each of its tests fails without it."""
    with copy_without(protection) as backend:
        codes = {test: run([test], backend) for test in protection["tests"]}
    print(f"{protection['bar']:4} without this: {protection['name']}")
    for test, code in codes.items():
        print(f"     {'fails, as it must' if code == SOME_FAILED else 'PASSES OR BREAKS'}: {test}")
    return set(codes.values()) == {SOME_FAILED}


@contextmanager
def copy_without(protection: Protection) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / BACKEND.name
        shutil.copytree(BACKEND / PACKAGE, copy / PACKAGE)
        # Found from where the package is.
        (copy / "migrations").symlink_to((BACKEND / "migrations").absolute())
        file = copy / PACKAGE / protection["file"]
        for change in (protection, *filter(None, [protection.get("also")])):
            replace_once(file, change["keeps"], change["loses"])
        yield copy


def replace_once(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    if text.count(old) != 1:
        sys.exit(f"{LISTED}: {old!r} stands {text.count(old)} times in {file.name}, not once")
    file.write_text(text.replace(old, new))


def run(tests: Iterable[str], backend: Path) -> int:
    """Against the package in `backend`, which comes before the installed one."""
    named = [str(BACKEND / "tests" / test) for test in sorted(tests)]
    command = [sys.executable, "-m", "pytest", "--quiet", "--no-header", "--tb=no", *named]
    variables = {**os.environ, "PYTHONPATH": str((backend / "src").absolute())}
    return subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
