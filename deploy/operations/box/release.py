"""Which release this checkout is."""

import re
from pathlib import Path

from box.programs import OperationError, text_of


def version_of(root: Path) -> str:
    """The newest in the changelog, which is the only place it is written down."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    if not found:
        raise OperationError("CHANGELOG.md names no version.")
    return found[1]


def release_of(root: Path) -> str:
    """With the commit, when there is one, so that two builds of a version are two images."""
    try:
        commit = text_of(["git", "-C", str(root), "rev-parse", "--short", "HEAD"])
    except (OperationError, FileNotFoundError):
        return version_of(root)
    return f"{version_of(root)}-{commit}"
